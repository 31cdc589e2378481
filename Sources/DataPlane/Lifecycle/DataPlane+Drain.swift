import Shared

/// The end of the process: callers and load balancers are told first, what is in flight ends, what was used is shipped.
extension DataPlane {
    /// For the error events of streams that are cut, and for their journal records.
    private static let cutTime = Duration.seconds(1)
    /// For what the journal holds. The next start ships the rest.
    private static let shippingTime = Duration.seconds(10)

    /// Ends everything in order, within the times that are set; after it the process has nothing left to do.
    ///
    /// - Returns: whether all was done: nothing cut, the journal shipped to its end, the leases given back.
    public func drain() async -> Bool {
        let isHandedOver = agent.status.current.isHandedOver
        isDraining = true
        log.info("draining", ["handed_over": .boolean(isHandedOver)])
        tls.stop()
        prober.stop()
        door?.close(removing: !isHandedOver)
        agent.beginDraining(handedOver: isHandedOver)
        for thread in threads { await thread.run({ $0.announceEnd() }, from: loop) }
        await announce(isHandedOver: isHandedOver)
        for thread in threads { await thread.run({ $0.beginDraining(handedOver: isHandedOver) }, from: loop) }
        let cut = await endConnections()
        // With its last settle a stream is at its end, and the next start has nothing to replay.
        let isEmpty = await openConnections() == 0
        for thread in threads { await thread.run({ $0.close(endingJournal: isEmpty) }, from: loop) }
        tokens.stop()
        neighbours.stop()
        let isShipped = await agent.shutDown(deadline: Self.shippingTime, journalEnded: isEmpty)
        await ops?.drain(timeout: .milliseconds(500))
        watchdog.stop()
        for thread in threads {
            thread.loop.stop()
            thread.loop.join()
        }
        journal.shutdown()
        if isEmpty { journal.removeOwnDirectory() }
        log.info("stopped", ["cut_connections": .integer(cut), "journal_shipped": .boolean(isShipped)])
        return cut == 0 && isShipped
    }

    /// The time in which callers come to other replicas by themselves. The listeners stay open for those that do not know yet; where another
    /// process has them, only callers that are connected have to be told, and none is left to tell when all have gone.
    private func announce(isHandedOver: Bool) async {
        let end = loop.refreshedNow().advanced(by: .milliseconds(settings.drainAnnounceMilliseconds))
        while true {
            let left = loop.refreshedNow().duration(to: end)
            guard left > .zero else { return }
            if isHandedOver, await openConnections() == 0 { return }
            await loop.sleep(for: min(left, .milliseconds(20)))
        }
    }

    /// Waits for what is in flight, then cuts it. Returns how many connections were cut.
    private func endConnections() async -> Int {
        if await waitUntilEmpty(within: .milliseconds(settings.drainTimeoutMilliseconds)) { return 0 }
        let open = await openConnections()
        log.warning("the drain time is over", ["connections": .integer(open)])
        for thread in threads { await thread.run({ $0.cutAll() }, from: loop) }
        guard await !waitUntilEmpty(within: Self.cutTime) else { return open }
        // Callers that do not read even that.
        for thread in threads { await thread.run({ $0.abortAll() }, from: loop) }
        // Each aborted request still settles and records before its task ends.
        _ = await waitUntilEmpty(within: Self.cutTime)
        return open
    }

    private func waitUntilEmpty(within time: Duration) async -> Bool {
        let end = loop.refreshedNow().advanced(by: time)
        while await openConnections() > 0 {
            guard loop.refreshedNow() < end else { return false }
            await loop.sleep(for: .milliseconds(5))
        }
        return true
    }

    private func openConnections() async -> Int {
        var open = 0
        for thread in threads { open += await thread.run({ $0.openConnections }, from: loop) }
        return open
    }
}
