import Shared

/// Which targets of a tree can take a request that wants more than every model can do, and in what order they are tried for it.
///
/// - Shape: pure. Targets are named by their leaves, as bits.
struct CapableTargets: Equatable {
    /// How well a target can take the request, best first.
    enum Fitness: UInt8, CaseIterable {
        /// Its model lacks nothing that is wanted.
        case takes
        /// A schema that its model does not keep to is asked for by a tool.
        case asksOtherwise
        /// Without what its model lacks: the route lets it be dropped. Or its provider is asked as it is, and has the last word.
        case loses
        /// What its model lacks can neither be said nor dropped.
        case cannot
    }

    /// What the request wants that some target lacks.
    let wanted: ModelFeatures
    /// Those that the request may begin with.
    private(set) var starts: UInt32 = 0
    /// Those that come when none of the others is left.
    private(set) var behind: UInt32 = 0
    /// Those that are not tried at all.
    private(set) var leftOut: UInt32 = 0

    /// - Parameters:
    ///   - wanted: by the request.
    ///   - isWrittenAnew: whether it reaches a target in other words than the caller's.
    ///   - drops: the route lets be dropped what a target cannot be told.
    /// - Returns: nil where there is no target left to begin with.
    init?(_ tree: TargetTree, for wanted: ModelFeatures, drops: Bool, isWrittenAnew: (CompiledTarget) -> Bool) {
        self.wanted = wanted
        var leaves = [UInt32](repeating: 0, count: Fitness.allCases.count)
        var passing: UInt32 = 0
        for (leaf, target) in tree.targets.enumerated() {
            let isPassed = !isWrittenAnew(target)
            let fitness = Self.fitness(
                of: target.lacks.intersection(wanted), lacks: target.lacks, isPassed: isPassed, drops: drops)
            leaves[Int(fitness.rawValue)] |= 1 << UInt32(leaf)
            if isPassed { passing |= 1 << UInt32(leaf) }
        }
        // What cannot take it counts as tried in vain: those that are fallbacks after failures may then begin.
        let best = [Fitness.takes, .asksOtherwise, .loses].first { fitness in
            let fit = leaves[Int(fitness.rawValue)]
            starts = fit & tree.choosable == 0 ? fit & tree.fallbacksAfterErrors : fit & tree.choosable
            return starts != 0
        }
        guard let best else { return nil }
        leftOut = leaves[Int(Fitness.cannot.rawValue)]
        guard best != .loses else { return }
        // A provider that would be asked for what its model lacks is not asked where another one has it.
        let losing = leaves[Int(Fitness.loses.rawValue)]
        leftOut |= losing & passing
        behind = losing & ~passing
        if best == .takes { behind |= leaves[Int(Fitness.asksOtherwise.rawValue)] }
    }

    /// All are tried, as for a request that wants nothing in particular.
    func isEverybody(of tree: TargetTree) -> Bool { starts == tree.choosable && behind == 0 && leftOut == 0 }

    private static func fitness(
        of lacking: ModelFeatures, lacks: ModelFeatures, isPassed: Bool, drops: Bool
    ) -> Fitness {
        if lacking.isEmpty { return .takes }
        if isPassed { return .loses }
        if lacking == .jsonSchema, !lacks.contains(.tools) { return .asksOtherwise }
        // What an answer goes on from is no field that could be left out.
        return drops && !lacking.contains(.begunAnswers) ? .loses : .cannot
    }
}

extension TargetTree {
    /// Why no target can take what a request wants: the field that asks for it, and what each model lacks.
    func refusal(of wanted: ModelFeatures) -> RouteError {
        var lacks: [(model: String, features: ModelFeatures)] = []
        var all: ModelFeatures = []
        for target in targets {
            let lacking = target.lacks.intersection(wanted)
            guard !lacking.isEmpty, !lacks.contains(where: { $0.model == target.model.name }) else { continue }
            all.formUnion(lacking)
            lacks.append((target.model.name, lacking))
        }
        let shown = lacks.prefix(Self.refusalModelsMax).map { lack in
            "'\(lack.model)' lacks \(lack.features.names.map(\.rawValue).joined(separator: ", "))"
        }
        let rest = lacks.count > shown.count ? ["and so on"] : []
        return .lacking(field: all.names.first?.field ?? "", lacks: (shown + rest).joined(separator: "; "))
    }

    /// More models are not named.
    private static let refusalModelsMax = 4
}
