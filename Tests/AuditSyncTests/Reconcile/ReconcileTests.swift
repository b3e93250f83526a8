import ArchiveTestSupport
import AuditArchive
import AuditRecords
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import Glibc
import Logging
import SyncTestSupport
import Synchronization
import SystemPackage
import Testing

/// A server whose date filter does nothing.
private struct DatelessTransport: HTTPTransport {
    let inner: SimulatorTransport

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let pieces = request.url.split(separator: "?", maxSplits: 1)
        let query = pieces.dropFirst().first?.split(separator: "&").filter { !$0.contains("_date=") } ?? []
        return try await inner.send(
            HTTPRequest(url: "\(pieces[0])?\(query.joined(separator: "&"))", headers: request.headers))
    }
}

@Suite("Comparing the archive with the API")
struct ReconcileTests {
    /// What a date filter can mean.
    struct Filter: Sendable, CustomTestStringConvertible {
        var offset: Int
        var isInclusive: Bool
        var testDescription: String { "\(offset) min, \(isInclusive ? "inclusive" : "exclusive")" }

        static let all = [0, -720, -300, 330, 840].flatMap { offset in
            [Filter(offset: offset, isInclusive: true), Filter(offset: offset, isInclusive: false)]
        }
    }

    private func run(_ filter: Filter, _ body: (SyncHarness) async throws -> Void) async throws {
        try await SyncHarness.run {
            $0.population.days = 12
            $0.listing.filterOffsetMinutes = filter.offset
            $0.listing.endDateInclusive = filter.isInclusive
        } _: { harness in
            _ = try await harness.sync()
            try await body(harness)
        }
    }

    @Test("a whole archive agrees, whatever the filter's days are", arguments: Filter.all)
    func agrees(filter: Filter) async throws {
        try await run(filter) { harness in
            let (report, failure) = try await harness.reconcile()
            #expect(failure == nil && report.outcome == .ok)
            #expect(report.differing.isEmpty)
            let closed = try harness.manifest().partitions.filter { $0.state == .closed }
            let checked = try harness.manifest().checked
            #expect(closed.allSatisfy { partition in checked.contains { $0.contains(partition.date) } })
            #expect(checked.allSatisfy { $0.isAgreement })
            // One count with its first and last event, and the ids of the outer days and of one more.
            if filter.offset == 0 && filter.isInclusive { #expect(report.requests <= 10) }
        }
    }

    @Test("a total that happens to be the archive's hides nothing behind it")
    func cappedTotal() async throws {
        try await run(Filter(offset: 0, isInclusive: true)) { harness in
            let archived = try harness.archivedLines().count
            let begin = harness.clock.now().microseconds
            harness.clock.advance(by: .seconds(40 * 86_400))
            harness.core.add(
                at: (1...20).map { begin + $0 * 86_400_000_000 }, now: SimulatorInstant(harness.clock))
            var listing = harness.core.listing
            listing.totalMode = .capped(archived)
            try harness.core.setListing(listing)
            let (report, failure) = try await harness.reconcile(repairs: true)
            #expect(failure == nil)
            #expect(report.events == 20)
        }
    }

    @Test(
        "a count that is cut like the list is not believed, nor the list",
        arguments: [EventOrder.ascending, .descending])
    func cutWithoutAWord(order: EventOrder) async throws {
        try await SyncHarness.run {
            $0.population.count = 3_000
            $0.population.days = 20
            $0.listing.cut(to: 1_250)
            $0.listing.order = order
        } _: { harness in
            // As by a program that believes it.
            _ = try await harness.sync(pageSize: 250, shortestCut: .max)
            let missing = harness.expectedLines.count - (try harness.archivedLines().count)
            #expect(missing == 1_750)
            let (report, failure) = try await harness.reconcile()
            #expect(failure == nil && report.outcome == .differs)
            #expect(report.differing.allSatisfy { $0.gone == 0 })
            let (repair, problem) = try await harness.reconcile(repairs: true)
            #expect(problem == nil && repair.events > 0)
            let closed = try #require(try harness.manifest().closedThrough)
            let left = Set(harness.expectedLines).subtracting(try harness.archivedLines())
            #expect(left.allSatisfy { !$0.contains("\"created_at\":\"\(closed)") })
            let (agreement, _) = try await harness.reconcile()
            #expect(agreement.outcome == .ok)
            _ = try await harness.sync(pageSize: 250)
            try harness.expectEqual()
        }
    }

    @Test("a server that does not look at the dates has nothing archived twice")
    func ignoredDates() async throws {
        try await run(Filter(offset: 0, isInclusive: true)) { harness in
            let whole = try harness.archivedLines().sorted()
            let day = try #require(CalendarDay("2026-02-22"))
            _ = try harness.removeFile(on: day)
            let everything = DatelessTransport(inner: SimulatorTransport(harness.core, clock: harness.clock))
            let client = try harness.makeClient(everything)
            _ = try await harness.reconcile(repairs: true, from: day, to: day, client: client)
            #expect(try harness.archivedLines().sorted() == whole)
        }
    }

    @Test(
        "a file's events removed and the manifest made to agree: exactly these are found and come back",
        arguments: Filter.all)
    func removedFile(filter: Filter) async throws {
        try await run(filter) { harness in
            let whole = try harness.archivedLines().sorted()
            let lost = try harness.removeFile(on: CalendarDay("2026-02-22"))
            let (found, failure) = try await harness.reconcile()
            #expect(failure == nil && found.outcome == .differs)
            #expect(found.differing.map(\.date) == [lost.name.date])
            #expect(found.missingCount == lost.records && found.goneCount == 0)
            #expect(found.missing.count == min(20, lost.records))
            let (repaired, _) = try await harness.reconcile(repairs: true)
            #expect(repaired.outcome == .ok && repaired.events == lost.records)
            #expect(try harness.archivedLines().sorted() == whole)
            let (again, _) = try await harness.reconcile()
            #expect(again.outcome == .ok && again.differing.isEmpty)
        }
    }

    @Test("purged events are gone there, by id, and stay here")
    func purged() async throws {
        try await run(Filter(offset: 0, isInclusive: true)) { harness in
            let lines = try harness.archivedLines()
            harness.core.purge(count: 7)
            let (report, failure) = try await harness.reconcile(repairs: true)
            #expect(failure == nil && report.outcome == .differs)
            #expect(report.goneCount == 7 && report.missingCount == 0)
            #expect(report.gone.allSatisfy { gone in lines.prefix(7).contains { $0.contains(gone.id) } })
            #expect(try harness.archivedLines() == lines)
        }
    }

    @Test("events gone there whose absence is accepted are not reported again, and others are")
    func accepted() async throws {
        try await run(Filter(offset: 0, isInclusive: true)) { harness in
            harness.core.purge(count: 7)
            let (report, failure) = try await harness.reconcile(acceptsGone: true)
            #expect(failure == nil && report.outcome == .ok && report.goneCount == 7)
            #expect(try harness.manifest().checked.reduce(0) { $0 + ($1.goneAtVendor ?? 0) } == 7)
            let (again, _) = try await harness.reconcile()
            #expect(again.outcome == .ok && again.differing.isEmpty)
            harness.core.purge(count: 40)
            let (more, _) = try await harness.reconcile()
            #expect(more.outcome == .differs)
        }
    }

    @Test("an accepted absence excuses no other once its event was erased, and an erasure beside it ends none")
    func acceptedAndErased() async throws {
        try await run(Filter(offset: 0, isInclusive: true)) { harness in
            let ids = try harness.archivedLines().prefix(5).map { line in
                try #require(line.split(separator: "\"").dropFirst(3).first)
            }
            harness.core.purge(count: 1)
            _ = try await harness.reconcile(acceptsGone: true)
            try await harness.erase(String(ids[3]))
            #expect(try await harness.reconcile().report.outcome == .ok)
            try await harness.erase(String(ids[0]))
            #expect(try await harness.reconcile().report.outcome == .ok)
            harness.core.purge(count: 1)
            let (report, _) = try await harness.reconcile()
            #expect(report.outcome == .differs && report.goneCount == 1)
            _ = try await harness.reconcile(acceptsGone: true)
            #expect(try await harness.reconcile().report.outcome == .ok)
        }
    }

    @Test("events that the vendor has moved to another day are there all the same, whatever is recorded")
    func moved() async throws {
        try await run(Filter(offset: 0, isInclusive: true)) { harness in
            harness.core.move(count: 200, hours: 5)
            for day in try harness.manifest().partitions.dropFirst(2).dropLast(3).map(\.date) {
                let (report, failure) = try await harness.reconcile(from: day, to: day)
                #expect(failure == nil && report.outcome == .ok)
                #expect(report.checks.map(\.from) == [day] && report.checks.allSatisfy(\.isAgreement))
            }
            #expect(try harness.manifest().checked.allSatisfy { $0.isAgreement })
        }
    }

    @Test("records nothing where it is not to, and says what it found all the same")
    func unrecorded() async throws {
        try await run(Filter(offset: 0, isInclusive: true)) { harness in
            let before = try PosixFileSystem().contents(of: harness.layout.manifest)
            harness.core.purge(count: 3)
            let (report, failure) = try await harness.reconcile(isRecorded: false)
            #expect(failure == nil && report.outcome == .differs && report.goneCount == 3)
            #expect(report.checks.count == report.days && report.checks.contains { $0.difference != nil })
            #expect(try PosixFileSystem().contents(of: harness.layout.manifest) == before)
        }
    }

    @Test("says the range that was compared, and how far it is on the way")
    func progress() async throws {
        try await run(Filter(offset: 0, isInclusive: true)) { harness in
            let seen = Mutex<[SyncProgress]>([])
            let (report, _) = try await harness.reconcile(progress: { now in seen.withLock { $0.append(now) } })
            let range = try #require(report.range)
            #expect(range.lowerBound == (try harness.manifest()).startTimestamp.day)
            #expect(report.days == range.lowerBound.days(until: range.upperBound) + 1)
            let all = seen.withLock { $0 }
            #expect(all.count > 3 && all.allSatisfy { $0.daysTotal == report.days && $0.daysDone <= report.days })
            #expect(zip(all, all.dropFirst()).allSatisfy { $0.daysDone <= $1.daysDone && $0.requests <= $1.requests })
            let one = try #require(CalendarDay("2026-02-25"))
            let (single, _) = try await harness.reconcile(from: one, to: one)
            #expect(single.range == one...one && single.days == 1)
        }
    }

    @Test("nothing is compared where no day has closed, and that is no agreement")
    func nothing() async throws {
        try await SyncHarness.run { harness in
            _ = try await harness.sync(since: SyncHarness.begin - .seconds(3_600))
            let (report, failure) = try await harness.reconcile()
            #expect(failure == nil && report.days == 0 && report.outcome == .nothingCompared)
        }
    }

    @Test("a sync that closes a day asks once, and repairs what is missing; others ask no more than before")
    func closing() async throws {
        try await run(Filter(offset: 0, isInclusive: true)) { harness in
            #expect(try await harness.sync().report.requests == 1)
            harness.clock.advance(by: .seconds(2 * 86_400))
            harness.arrive(3)
            let before = try harness.manifest()
            let outcome = try await harness.sync()
            #expect(outcome.failure == nil && outcome.report.warnings.isEmpty)
            let after = try harness.manifest()
            let closed = before.partitions.filter { $0.state == .open }.map(\.date)
            #expect(
                after.partitions.filter { closed.contains($0.date) && $0.state == .closed }.allSatisfy { partition in
                    after.checked.contains { $0.contains(partition.date) && $0.isAgreement }
                })
            #expect(!after.checked.isEmpty)
            #expect(try await harness.sync().report.requests == 1)
        }
    }

    @Test(
        "another organization without events agrees with nothing, and nothing is accepted as gone",
        arguments: [false, true], [false, true])
    func emptyForeignOrganization(acceptsGone: Bool, hasEvents: Bool) async throws {
        try await SyncHarness.run { harness in
            _ = try await harness.sync()
            harness.clock.advance(by: .seconds(86_400 * 5))
            _ = try await harness.sync()
            let manifest = try harness.manifest()
            try await SyncHarness.runForeign { other in
                // Days of which the archive has events, or none.
                let (from, to) = hasEvents ? (-4, -2) : (1, 3)
                let outcome = try await harness.reconcile(
                    acceptsGone: acceptsGone, from: SyncHarness.begin.day.advanced(by: from),
                    to: SyncHarness.begin.day.advanced(by: to), client: try other.makeClient())
                try harness.expectForeign(outcome.failure, manifest)
            }
        }
    }

    @Test("what cannot be compared costs no request")
    func nothingToCompare() async throws {
        try await SyncHarness.run { harness in
            _ = try await harness.sync()
            let outcome = try await harness.reconcile(from: SyncHarness.begin.day)
            #expect(outcome.failure == nil && outcome.report.requests == 0)
        }
    }

    @Test(
        "a record that is no event is missing until it is in quarantine",
        arguments: [
            #"{"object":"odd","created_at":"2026-02-25T10:00:20Z"}"#, #"{"object":"odd"}"#,
            record(id: #""x""#, at: "2026-02-25T10:00:20Z", #","n":NaN"#)
        ])
    func unkeptRecord(odd: String) async throws {
        try await SyncHarness.run { harness in
            let good = (10..<40).map { record(id: "\"e\($0)\"", at: "2026-02-25T10:00:\($0)Z") }
            let server = RecordServer(good, .init(honorsDates: true, date: "Sun, 01 Mar 2026 12:00:00 GMT"))
            func compare(repairs: Bool = false) async throws -> (report: ReconcileReport, failure: SyncFailure?) {
                try await harness.reconcile(
                    repairs: repairs, from: CalendarDay("2026-02-25"), to: CalendarDay("2026-02-25"),
                    client: try harness.makeClient(server))
            }
            #expect(try await harness.sync(client: try harness.makeClient(server)).failure == nil)
            #expect(try await compare().report.outcome == .ok)
            server.change { records, _ in records.insert(odd, at: 12) }
            let found = try await compare()
            #expect(found.failure == nil && found.report.outcome == .differs)
            #expect(found.report.missingCount == 1 && !found.report.warnings.isEmpty)
            #expect(try harness.manifest().checked.contains { $0.difference == 1 })
            let repaired = try await compare(repairs: true)
            if odd.contains("NaN") {
                // In the comparisons before it was the same.
                #expect(repaired.report.quarantined == 1)
            }
            #expect(repaired.failure == nil && repaired.report.outcome == .ok)
            #expect(try harness.manifest().quarantine.map(\.records) == [1])
            #expect(try await compare().report.outcome == .ok)
        }
    }

    @Test("what is no JSON for the first time ends a repair that is no agreement")
    func unsettledRecord() async throws {
        try await SyncHarness.run { harness in
            let good = (10..<40).map { record(id: "\"e\($0)\"", at: "2026-02-25T10:00:\($0)Z") }
            let server = RecordServer(good, .init(honorsDates: true, date: "Sun, 01 Mar 2026 12:00:00 GMT"))
            let client = { try harness.makeClient(server) }
            #expect(try await harness.sync(client: try client()).failure == nil)
            let bad = record(id: #""x""#, at: "2026-02-25T10:00:20Z", #","n":NaN"#)
            server.change { records, _ in records.insert(bad, at: 12) }
            let before = try harness.manifest().checked
            let first = try await harness.reconcile(repairs: true, client: try client())
            guard case .malformedRecords? = first.failure?.kind else {
                Issue.record("\(String(describing: first.failure))")
                return
            }
            let day = try #require(CalendarDay("2026-02-25"))
            #expect(
                try harness.manifest().checked.filter { $0.contains(day) } == before.filter { $0.contains(day) })
            let second = try await harness.reconcile(repairs: true, client: try client())
            #expect(second.failure == nil && second.report.quarantined == 1)
        }
    }
}

extension SyncHarness {
    /// One comparison, by a process of its own as far as the archive can tell.
    func reconcile(
        repairs: Bool = false, acceptsGone: Bool = false, from: CalendarDay? = nil, to: CalendarDay? = nil,
        isRecorded: Bool = true, client: APIClient? = nil,
        progress: @escaping @Sendable (SyncProgress) -> Void = { _ in }
    ) async throws -> (report: ReconcileReport, failure: SyncFailure?) {
        let session = try ArchiveSession(
            layout,
            ArchiveSessionSettings(
                compression: CompressionSettings(level: 6, parallelism: 2), maximumPartSize: 64 << 20, writer: "tests"),
            fileSystem: PosixFileSystem(), processID: 1, now: clock.now())
        let engine = Reconciliation(
            settings: SyncSettings(backfillStart: nil, lookback: .seconds(86_400), pageSize: 50, concurrency: 4),
            client: try client ?? makeClient(), archive: session, layout: layout, fileSystem: PosixFileSystem(),
            clock: clock,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }, progress: progress)
        var request = ReconcileRequest(from: from, to: to, repairs: repairs, acceptsGone: acceptsGone)
        request.isRecorded = isRecorded
        let outcome = await engine.run(request)
        await session.close()
        let verification = try await ArchiveVerifier(layout, fileSystem: PosixFileSystem()).verify(parallelism: 2)
        #expect(verification.faults.isEmpty)
        return outcome
    }

    /// Removes the first file of a date, and makes the manifest agree.
    func removeFile(on date: CalendarDay?) throws -> DataFile {
        try PosixFileSystem().dropEvidence(layout)
        var manifest = try manifest()
        let index = try #require(manifest.files.firstIndex { $0.name.date == date })
        let file = manifest.files.remove(at: index)
        manifest.partitions.removeAll { $0.date == file.name.date }
        let fileSystem = PosixFileSystem()
        try fileSystem.remove(layout.absolute(file.name.path))
        try #require(layout.absolute(DataFileName.directory(of: file.name.date)).withPlatformString { rmdir($0) } == 0)
        try fileSystem.remove(layout.manifest)
        try fileSystem.createDurably(layout.manifest, manifest.encoded())
        return file
    }
}
