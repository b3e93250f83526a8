import ArchiveTestSupport
@testable import AuditArchive
@testable import AuditSync
import CaptivateIQSimulator
import CivilTime
import Foundation
import SyncTestSupport
import SystemPackage

extension ModelRun {
    /// A comparison that found no difference was right about the days that it had to compare.
    ///
    /// Counts may be trusted where the filter's days are UTC's and totals are exact; there, a missing event and one that the
    /// API does not list any more on the same days cancel out.
    mutating func checkAgreement(_ round: ModelRound, since before: Before, _ place: String) {
        guard case .reconcile(let repairs, let from, let to) = round.command else { return }
        let today = before.time.day
        let old = (min(before.time, before.localTime) - .seconds(3_600 * round.lookback)).day.advanced(by: -1)
        // A repair looks at days as well that no sync has closed.
        let closed = repairs ? old : min(old, storage.closedThrough)
        let last = min(closed, to.map { today.advanced(by: -$0) } ?? .last)
        let first = from.map { today.advanced(by: -$0) } ?? .first
        let isCompared = { (day: CalendarDay) in first <= day && day <= last }
        let (pending, start) = (storage.pendingDays, storage.start)
        let listed = truth.listed.filter { id in
            guard let time = truth.events[id].map({ Timestamp(microseconds: $0.createdAt) }) else { return false }
            return before.listed.contains(id) && isCompared(time.day) && !pending.contains(time.day) && time >= start
        }
        let erased = erasedIDs
        let missing = listed.subtracting(archivedIDs).subtracting(erased)
        let held = Set(
            before.archived.values.lazy.filter { isCompared($0.time.day) && !pending.contains($0.time.day) }.map(\.id))
        let gone = held.subtracting(before.listed).subtracting(truth.listed).subtracting(acceptedGone)
        guard !missing.isEmpty || !gone.isEmpty else { return }
        let (moreHeld, moreListed) = (held.subtracting(listed), listed.subtracting(held).subtracting(erased))
        // So do one that is counted twice and one that the API does not list any more.
        let doubled = harness.core.listing.doubled?.areCounted == true ? rows(of: listed.count) - listed.count : 0
        if mayTrustCounts(round, rows: listed.count + doubled), missing.count <= moreHeld.count,
            gone.count <= moreListed.count + doubled
        {
            return
        }
        note("false agreement", place, "missing \(describe(missing)); gone \(describe(gone))")
    }

    private func mayTrustCounts(_ round: ModelRound, rows: Int) -> Bool {
        let listing = model.configuration.listing
        let zones = [zone, round.zoneInRun?.minutes ?? zone]
        let isExact =
            switch listing.totalMode {
            case .exact: true
            case .capped(let most): rows < most
            default: false
            }
        return zones.contains(0) && listing.endDateInclusive && isExact
    }
}

extension ModelDisk {
    /// The times that were pruned, by the manifest as it is and by the one that a commit which is half done makes.
    var pruned: RangeSet<Timestamp> {
        var times = (try? disk.requireManifest(layout).manifest.prunedTimes) ?? RangeSet()
        guard hasJournal else { return times }
        let next = (try? disk.contents(of: layout.privateDirectory.appending("staging").appending("manifest.json")))
        if let bytes = next.flatMap(\.self), let manifest = try? Manifest(decoding: bytes) {
            times.formUnion(manifest.prunedTimes)
        }
        return times
    }

    /// Whether an archived day is held.
    func isHeld(_ day: CalendarDay) -> Bool {
        (try? disk.requireManifest(layout).manifest.holds.contains { $0.from <= day && day <= $0.to }) ?? false
    }

    /// The hashes of the ids that the evidence says were erased, hexadecimal.
    func erasedIDs() throws -> Set<String> {
        let folder = layout.logDirectory.string + "/"
        var hashes: Set<String> = []
        for case (let path, let bytes?) in disk.tree where path.hasPrefix(folder) {
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                guard line.starts(with: #"{"op":"erase","#.utf8),
                    let entry = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                    entry["duplicate"] == nil, let leaves = entry["leaves"] as? [[Any]]
                else { continue }
                hashes.formUnion(leaves.compactMap { $0.last as? String })
            }
        }
        return hashes
    }

    /// Event times that are still to be read.
    var pending: RangeSet<Timestamp> { (try? disk.requireManifest(layout).manifest.pending) ?? RangeSet() }

    /// The newest day that a sync has closed.
    var closedThrough: CalendarDay {
        guard let manifest = try? disk.requireManifest(layout).manifest else { return .first }
        let dates = manifest.partitions.lazy.filter { $0.state != .open }.map(\.date)
        return max(dates.max() ?? .first, manifest.completeThrough ?? .first)
    }

    /// Days with times that a sync is to read first: no comparison looks at them.
    var pendingDays: Set<CalendarDay> {
        guard let manifest = try? disk.requireManifest(layout).manifest else { return [] }
        var days: Set<CalendarDay> = []
        // What was pruned is compared no more.
        for range in manifest.pending.union(manifest.prunedTimes).ranges {
            var day = range.lowerBound.day
            // Further days than any case has need not be named.
            for _ in 0..<400 where day < .last && day.start < range.upperBound {
                days.insert(day)
                day = day.advanced(by: 1)
            }
        }
        return days
    }
}
