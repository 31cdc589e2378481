import Shared

/// Where a key's files and batches can be: at the providers of OpenAI's dialect that its routes lead to.
struct StoredPlaces {
    let policy: CompiledPolicy
    let caller: Caller

    /// Names the route whose provider is meant.
    static let routeField = "x-weir-route"

    // MARK: By what the request names

    /// Who keeps an object, by its identity, and whether that proves whose it is.
    func find(
        _ text: String, in collection: Endpoint
    ) throws(GatewayError) -> (StoredIdentity, RoutePlan, isProven: Bool) {
        guard let identity = StoredIdentity(text), let plan = plan(to: identity.pin) else {
            throw GatewayError(RouteError.unknownObject(collection, id: text))
        }
        let owner = caller.key.keyID
        let isProven = plan.targets[0].credentials.members.contains { identity.belongs(to: owner, under: $0) }
        return (identity, plan, isProven)
    }

    /// The way to the provider that keeps something.
    ///
    /// - Returns: nil: none of the key's routes leads there.
    func plan(to pin: ProviderPin) -> RoutePlan? { firstPlan { pin.leads(to: $0) && keeps($0) } }

    /// The way to the model that a batch is for, at the provider that keeps its input: the target that a request to it would be billed by.
    ///
    /// - Parameter name: as the provider knows the model, since nobody changes it in the file.
    /// - Returns: nil: none of the key's routes leads there.
    func plan(to pin: ProviderPin, model name: String, for lines: BatchEndpoint) -> RoutePlan? {
        firstPlan { target in
            pin.leads(to: target) && target.identity.modelName == name
                && target.dialect(for: lines.dialect) == lines.dialect
                && target.model.kind == lines.endpoint.modelKind
        }
    }

    /// The first provider of a route that keeps files, or the only one that the key reaches where the request names no route. What is sent goes
    /// to the one whose list shows it.
    func plan(routeNamed name: [UInt8]?) throws(RouteError) -> RoutePlan {
        let plan = if let name { try plan(ofRouteNamed: name) } else { try solePlan() }
        guard let first = plan.targets.first else { return plan }
        return RoutePlan(plan.route, plan.rule, plan.tree) { keeps($0) && $0.provider.id == first.provider.id } ?? plan
    }

    private func plan(ofRouteNamed name: [UInt8]) throws(RouteError) -> RoutePlan {
        let route = unsafe name.withRawBytes { unsafe policy.route(named: $0) }
        guard let route, caller.key.allows(route: route.id) else {
            throw .unknownModel(String(decoding: name.prefix(200), as: UTF8.self))
        }
        guard let plan = plan(on: route, where: keeps) else { throw .noKeeper }
        return plan
    }

    private func solePlan() throws(RouteError) -> RoutePlan {
        guard let plan = firstPlan(where: keeps), let provider = plan.targets.first?.provider.id else {
            throw .noKeeper
        }
        guard firstPlan(where: { keeps($0) && $0.provider.id != provider }) == nil else { throw .unnamedProvider }
        return plan
    }

    // MARK: Looking through the routes

    /// Speaks the dialect that has files and batches as they are meant here.
    ///
    /// What has to be signed, or needs a token, is neither: identities are proved with what the credential says on each request.
    private func keeps(_ target: CompiledTarget) -> Bool {
        target.dialect == .openai && target.credentials.members.allSatisfy { $0.proof == .line }
    }

    /// Of the first of the key's routes, in the order of the policy, that has such a target, by itself or by a rule.
    private func firstPlan(where serves: (CompiledTarget) -> Bool) -> RoutePlan? {
        for route in policy.routes where caller.key.allows(route: route.id) {
            if let plan = plan(on: route, where: serves) { return plan }
        }
        return nil
    }

    private func plan(on route: CompiledRoute, where serves: (CompiledTarget) -> Bool) -> RoutePlan? {
        for (rule, tree) in choices(on: route) {
            if let plan = RoutePlan(route, rule, tree, where: serves) { return plan }
        }
        return nil
    }

    /// What some request of the key's could be served by: a rule that is for others says who those are, and behind one that always holds for
    /// this key comes nothing.
    private func choices(on route: CompiledRoute) -> [(rule: CompiledRule?, tree: TargetTree)] {
        var ruled: [(rule: CompiledRule?, tree: TargetTree)] = []
        for rule in route.rules ?? [] {
            let holds = rule.conditions.allHold(for: caller)
            if holds != false { ruled.append((rule, rule.tree)) }
            if holds == true { return ruled }
        }
        return [(nil, route.tree)] + ruled
    }
}
