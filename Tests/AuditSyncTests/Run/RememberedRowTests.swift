import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import CivilTime
import SyncTestSupport
import SystemPackage
import Testing
import TestSupport

/// What a sync that finds a few new events reads of the archive, and what it may not overlook for it.
@Suite("Rows that the last sync remembers")
struct RememberedRowTests {
    private static let count = 200
    private static let pageSize = 50

    /// An event of 2026-02-28, a second after the one before.
    private static func event(_ number: Int) -> String {
        let (minute, second) = (10 + number / 60, 10 + number % 50)
        // What does not compress, so that a file is read in many pieces.
        var random = SeededRandom(seed: UInt64(number))
        let filler = (0..<400).map { _ in String(random.next(), radix: 16) }.joined()
        return record(
            id: "\"e\(number)\"", at: "2026-02-28T10:\(minute):\(second).\(100 + number)Z", ",\"f\":\"\(filler)\"")
    }

    /// A server of ``count`` events, in the order of their times or turned round.
    private static func makeServer(isDescending: Bool) -> RecordServer {
        let events = (0..<count).map(event).sorted { time(of: $0) < time(of: $1) }
        return RecordServer(isDescending ? events.reversed() : events)
    }

    private static func time(of record: String) -> Substring {
        record.firstRange(of: #""created_at":""#).map { record[$0.upperBound...].prefix(24) } ?? ""
    }

    /// An event that is newer than all of them.
    private static func arrival(_ number: Int) -> String {
        record(id: "\"n\(number)\"", at: "2026-02-28T20:00:\(10 + number)Z")
    }

    private static func arrive(_ number: Int, at server: RecordServer, isDescending: Bool) {
        let event = arrival(number)
        server.change { records, _ in records.insert(event, at: isDescending ? 0 : records.count) }
    }

    private func sync(
        _ harness: SyncHarness, _ server: RecordServer,
        since start: Timestamp = SyncHarness.begin - .seconds(86_400 * 40),
        isSound: Bool = true
    ) async throws -> SyncHarness.Outcome {
        try await harness.sync(
            since: start, pageSize: Self.pageSize, lookback: .seconds(86_400 * 9),
            client: try harness.makeClient(server),
            isSound: isSound)
    }

    @Test("are compared without the day's events, which are hashed alone", arguments: [false, true])
    func reads(isDescending: Bool) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = Self.makeServer(isDescending: isDescending)
            #expect(try await sync(harness, server).report.events == Self.count)
            let file = try #require(try harness.manifest().files.first { $0.records == Self.count })
            #expect(file.size > 2 << 18, "it is to be read in several pieces")
            for number in 0..<3 {
                Self.arrive(number, at: server, isDescending: isDescending)
                var harness = harness
                let disk = FaultyFileSystem(harness.fileSystem, .none, .stops)
                harness.fileSystem = disk
                // Not by `verify`, which reads it too.
                let outcome = try await sync(harness, server, isSound: false)
                #expect(outcome.failure == nil && outcome.report.events == 1 && outcome.report.requests == 1)
                #expect(outcome.report.duplicates == (isDescending ? Self.pageSize - 1 : TailFingerprint.edgeCount))
                let reads = disk.trace.count { $0.operation == .read && $0.path.string.hasSuffix(file.name.path) }
                #expect(reads == file.size / (1 << 18) + 2)
            }
            #expect(try await harness.faults() == [])
            #expect(try harness.archivedLines().sorted() == server.records.sorted())
        }
    }

    @Test(
        "and that has changed since goes to quarantine with the next arrival", arguments: [false, true], [1, 9, 30])
    func changed(isDescending: Bool, place: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = Self.makeServer(isDescending: isDescending)
            _ = try await sync(harness, server)
            for number in 0..<2 {
                server.change { records, _ in
                    let row = isDescending ? place : records.count - place
                    records[row] = "{\"g\(number)\":1," + records[row].dropFirst()
                }
                Self.arrive(number, at: server, isDescending: isDescending)
                let outcome = try await sync(harness, server)
                #expect(outcome.failure == nil && outcome.report.events == 1 && outcome.report.requests == 1)
                // An ascending list is asked for its newest rows alone.
                let isListed = isDescending || place <= TailFingerprint.edgeCount
                #expect(outcome.report.quarantined == (isListed ? 1 : 0))
                #expect(try await sync(harness, server).report.quarantined == 0)
            }
            Self.arrive(2, at: server, isDescending: isDescending)
            let last = try await sync(harness, server)
            #expect(last.failure == nil && last.report.events == 1 && last.report.quarantined == 0)
        }
    }

    @Test("do not hide a late event where a removal makes up for it")
    func hidden() async throws {
        try await SyncHarness.runInMemory { harness in
            let server = Self.makeServer(isDescending: true)
            _ = try await sync(harness, server)
            server.change { records, _ in
                records.remove(at: 25)
                records.insert(record(id: "\"late\"", at: "2026-02-28T10:12:30.500Z"), at: 35)
            }
            Self.arrive(0, at: server, isDescending: true)
            let outcome = try await sync(harness, server)
            #expect(outcome.failure == nil && outcome.report.events == 2)
        }
    }

    @Test(
        "and an erased one behind them make no room for a late event to hide in", arguments: [false, true],
        [0, 7, 15, 16, 17, 49, 60])
    func erased(isDescending: Bool, place: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = Self.makeServer(isDescending: isDescending)
            _ = try await sync(harness, server)
            let newest = isDescending ? server.records : server.records.reversed()
            try await harness.erase(String(try #require(newest[place].split(separator: "\"").dropFirst(3).first)))
            #expect(try await sync(harness, server).failure == nil)
            let quiet = try await sync(harness, server)
            #expect(quiet.failure == nil && quiet.report.requests == 1)
            server.change { records, _ in
                records.insert(record(id: "\"late\"", at: "2026-02-28T10:11:00.500Z"), at: isDescending ? 120 : 80)
            }
            let outcome = try await sync(harness, server)
            #expect(outcome.failure == nil && outcome.report.events == 1)
            #expect(try harness.archivedLines().count == Self.count)
        }
    }

    @Test(
        "and an arrival whose id is archived is no new event, under the same time or another",
        arguments: [false, true], [false, true])
    func known(isDescending: Bool, isMoved: Bool) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = Self.makeServer(isDescending: isDescending)
            _ = try await sync(harness, server)
            let old = try #require(server.records.dropFirst(isDescending ? Self.count - 6 : 5).first)
            server.change { records, _ in records.removeAll { $0 == old } }
            // A list that has become shorter is read in full, and remembered without it.
            #expect(try await sync(harness, server).failure == nil)
            let before = server.requests
            #expect(try await sync(harness, server).report.requests == 1)
            let again = isMoved ? old.replacing("2026-02-28T10:", with: "2026-02-28T21:") : old
            server.change { records, _ in records.insert(again, at: isDescending ? 0 : records.count) }
            let outcome = try await sync(harness, server)
            // The probe finds it and asks the index; then the list is read once more.
            #expect(server.requests > before + 2)
            #expect(outcome.failure == nil && outcome.report.events == 0)
            #expect(outcome.report.quarantined == (isMoved ? 1 : 0))
            #expect(try harness.archivedLines().count == Self.count)
        }
    }

    @Test("are not all that is wanted once the archive is to begin earlier", arguments: [false, true], [0, 1])
    func earlierStart(isDescending: Bool, arrivals: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = Self.makeServer(isDescending: isDescending)
            let start = try #require(Timestamp(rfc3339: "2026-02-28T10:12:00Z"))
            let first = try await sync(harness, server, since: start)
            #expect(first.failure == nil && (1..<Self.count).contains(first.report.events))
            #expect(try await sync(harness, server, since: start).report.requests == 1)
            if arrivals > 0 { Self.arrive(0, at: server, isDescending: isDescending) }
            let outcome = try await sync(harness, server, since: start - .seconds(86_400))
            #expect(outcome.failure == nil)
            #expect(outcome.report.events == Self.count + arrivals - first.report.events)
            #expect(try harness.archivedLines().sorted() == server.records.sorted())
        }
    }

    @Test("do not keep a damaged file of the day from being noticed", arguments: [false, true])
    func damaged(isDescending: Bool) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = Self.makeServer(isDescending: isDescending)
            _ = try await sync(harness, server)
            let file = try #require(try harness.manifest().files.first)
            let path = harness.layout.root.appending(file.name.path)
            var bytes = try #require(try harness.fileSystem.contents(of: path))
            bytes[bytes.count / 2] ^= 1
            try harness.fileSystem.remove(path)
            try harness.fileSystem.createDurably(path, bytes)
            Self.arrive(0, at: server, isDescending: isDescending)
            let outcome = try await sync(harness, server, isSound: false)
            guard case .archive(let error)? = outcome.failure?.kind else {
                Issue.record("the sync ended otherwise: \(String(describing: outcome.failure))")
                return
            }
            #expect(error.kind == .damaged && error.summary.contains("checksum"))
            #expect(try harness.manifest().totals.records == Self.count)
        }
    }
}
