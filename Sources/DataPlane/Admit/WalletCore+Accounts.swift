import Shared

/// Which accounts the wallet knows: those of the last requests, and all that have or hold something.
extension WalletCore {
    /// The account of a line, made when it is new. -1 for soft lines, which need none; nil when there is no room for another.
    mutating func accountPosition(of line: borrowing WalletLine, now: UInt64) -> Int? {
        if line.isSoft { return -1 }
        if let found = table.find(line.account, in: accounts) {
            accounts[found].lastUsed = now
            if accounts[found].snapshotLimit != line.limit {
                // An administrator changed it: what was exhausted may not be.
                accounts[found].snapshotLimit = line.limit
                accounts[found].exhaustedUntil = 0
            }
            if !accounts[found].isActive { activate(found) }
            return found
        }
        return makeAccount(line, now: now)
    }

    private mutating func makeAccount(_ line: borrowing WalletLine, now: UInt64) -> Int? {
        var made = WalletAccount(line: line, now: now)
        if accounts.count - vacantAccounts.count >= settings.accountsMax {
            guard evictOne(now: now) else { return nil }
        }
        // Its running sum was forgotten with it, if this one was known before: it has to be learnt before anything is borrowed.
        made.needsSync = hasEvicted
        let position: Int
        if let vacant = vacantAccounts.popLast() {
            position = Int(vacant)
            accounts[position] = made
        } else {
            position = accounts.count
            accounts.append(made)
        }
        table.insert(line.account, at: position, in: accounts)
        activate(position)
        return position
    }

    /// So much is free from now on. What no request takes goes back from an account in use, so it is one from now on.
    mutating func makeFree(_ account: Int, _ amount: Int64) {
        accounts[account].free += amount
        if !accounts[account].isActive { activate(account) }
    }

    private mutating func activate(_ account: Int) {
        accounts[account].isActive = true
        active.append(Int32(account))
        needsKeeper = true
    }

    /// Makes room by forgetting an account that has nothing, holds nothing and waits for nothing.
    private mutating func evictOne(now: UInt64) -> Bool {
        for _ in 0..<min(accounts.count, 256) {
            evictionCursor = evictionCursor + 1 < accounts.count ? evictionCursor + 1 : 0
            let candidate = accounts[evictionCursor]
            guard !candidate.isActive, candidate.free == 0, candidate.lines == 0, candidate.queue.isEmpty,
                !candidate.isAskOpen, !candidate.isAskable, candidate.pendingSince == 0, candidate.lastUsed != 0
            else { continue }
            table.remove(candidate.key, in: accounts)
            fallbackSums[Int32(evictionCursor)] = nil
            accounts[evictionCursor].lastUsed = 0
            vacantAccounts.append(Int32(evictionCursor))
            hasEvicted = true
            return true
        }
        return false
    }
}
