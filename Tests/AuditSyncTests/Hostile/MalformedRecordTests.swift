import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import Foundation
import SyncTestSupport
import Testing
import TestSupport

/// A record that is no JSON stops only itself.
@Suite("A record that is not JSON")
struct MalformedRecordTests {
    private static func good(_ count: Int) -> [String] {
        (0..<count).map { number in
            let second = 10 + number % 50
            return record(id: "\"e\(number)\"", at: "2026-02-27T1\(number / 50 % 10):00:\(second)Z", ",\"n\":\(number)")
        }
    }

    static let bad = [
        record(id: "\"x\"", ",\"n\":NaN"), record(id: "\"x\"", ",\"a\":[1],\"n\":\"a\tb\",\"b\":[2]"),
        record(id: "\"x\"", ",\"n\":\"\u{F8FF}\""), record(id: "\"x\"") + "}", record(id: "\"x\"") + "]",
        "{\"id\":\"x\"", "NaN", "{\"id\":\"x\",}", "'x'", "{id:1}", record(id: "\"x\"", ",\"n\":\"a\"b\""),
        String(repeating: "[", count: 100_001) + String(repeating: "]", count: 100_001)
    ]

    private func quarantined(_ harness: SyncHarness) throws -> [[UInt8]] {
        try harness.manifest().quarantine.flatMap { file in
            try ArchiveContents.lines(of: harness.layout.absolute(file.name.path), harness.fileSystem).map { line in
                let parts = line.split(separator: "\"raw_base64\": \"")
                #expect(parts.count == 2 && line.contains("\"record\": null"))
                return Array(Data(base64Encoded: String(parts[1].dropLast(2))) ?? Data())
            }
        }
    }

    @Test("is named, and quarantined if it is the same again", arguments: bad.indices, [1, 10, 1000])
    func one(index: Int, pageSize: Int) async throws {
        let good = Self.good(30)
        for place in [0, 15, 30] {
            try await SyncHarness.runInMemory { harness in
                var records = good
                records.insert(Self.bad[index], at: place)
                let server = RecordServer(records)
                let first = try await harness.sync(pageSize: pageSize, client: try harness.makeClient(server))
                guard case .malformedRecords(let text) = first.failure?.kind else {
                    Issue.record("\(place): \(String(describing: first.failure))")
                    return
                }
                #expect(text.contains("offset \(place)"), "\(text)")
                #expect(try harness.archivedLines().sorted() == good.sorted())
                #expect(try harness.manifest().pending != RangeSet())
                #expect(try harness.manifest().quarantine == [])
                let second = try await harness.sync(pageSize: pageSize, client: try harness.makeClient(server))
                #expect(second.failure == nil)
                #expect(second.report.quarantined == 1 && second.report.alerts.count == 1)
                #expect(try harness.manifest().pending == RangeSet())
                do {
                    let text = Self.bad[index].replacing("\u{F8FF}", with: "\u{7}")
                    #expect(try quarantined(harness) == [text.utf8.map { $0 == 7 ? 0xE9 : $0 }])
                }
                let third = try await harness.sync(pageSize: pageSize, client: try harness.makeClient(server))
                #expect(third.failure == nil && third.report.quarantined == 0 && third.report.events == 0)
                #expect(try harness.archivedLines().sorted() == good.sorted())
            }
        }
    }

    @Test("that is settled costs a quiet sync nothing, whatever the API does otherwise", arguments: [1, 3])
    func settled(count: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            var records = Self.good(30)
            for number in 0..<count {
                let bad = Self.bad[number].replacing("x", with: "x\(number)")
                records.insert(bad, at: 7 + 9 * number)
            }
            let server = RecordServer(records, .init(patience: 2_000))
            _ = try await harness.settle(client: try harness.makeClient(server))
            #expect(try harness.manifest().quarantine.map(\.records).reduce(0, +) == count)
            for _ in 0..<3 {
                harness.clock.advance(by: .seconds(3_600))
                let quiet = try await harness.sync(client: try harness.makeClient(server))
                #expect(quiet.failure == nil && quiet.report.requests <= 2, "\(quiet.report.requests) requests")
            }
            // One more bad record is not hidden by those that are known, and a passing fault is passed over.
            server.change { records, _ in
                records.append(record(id: "\"new\"", at: "2026-03-01T11:00:00Z"))
                records.insert(Self.bad[0].replacing("x", with: "other"), at: 3)
            }
            let next = try await harness.sync(client: try harness.makeClient(server))
            guard case .malformedRecords(let text)? = next.failure?.kind else {
                Issue.record("\(String(describing: next.failure))")
                return
            }
            #expect(text.contains("offset 3") && next.report.events == 1)
            _ = try await harness.settle(client: try harness.makeClient(server))
            #expect(try harness.archivedLines().count == 31)
            #expect(try harness.manifest().quarantine.map(\.records).reduce(0, +) == count + 1)
        }
    }

    @Test("is found with few requests, and is asked for again while it differs")
    func requests() async throws {
        try await SyncHarness.runInMemory { harness in
            let good = Self.good(500)
            let server = RecordServer(good[..<400] + [Self.bad[0]] + good[400...])
            @Sendable func differ(_ run: Int) {
                server.change { _, manner in
                    manner.record = { record, _ in record.replacing("NaN", with: "NaN\(run)") }
                }
            }
            differ(0)
            let first = try await harness.sync(pageSize: 1000, client: try harness.makeClient(server))
            #expect(first.failure != nil && first.report.events == 500)
            // Eight tries of the page, then the rows before, the one twice, the rows behind; and what is behind the page.
            #expect(server.requests <= 8 + 7 + 1)
            for run in 1...2 {
                differ(run)
                let again = try await harness.sync(pageSize: 1000, client: try harness.makeClient(server))
                guard case .malformedRecords = again.failure?.kind else {
                    Issue.record("\(String(describing: again.failure))")
                    return
                }
            }
            #expect(try harness.manifest().quarantine == [])
        }
    }

    @Test("loses and doubles nothing beside it, whatever moves meanwhile", arguments: 0..<60 as Range<UInt64>)
    func moving(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        var records = Self.good(60)
        for number in 0..<Int.random(in: 1...4, using: &random) {
            let bad = Self.bad[[0, 1, 2, 3, 7].randomElement(using: &random) ?? 0].replacing("x", with: "x\(number)")
            records.insert(bad, at: .random(in: 0...records.count, using: &random))
        }
        // Removals and arrivals at some requests of the first run.
        let moments = (0..<4).map { _ in Int.random(in: 2...40, using: &random) }
        let removed = Int.random(in: 0..<30, using: &random)
        let pageSize = [7, 20, 1000].randomElement(using: &random) ?? 7
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer(records)
            server.change { _, manner in
                manner.patience = 10_000
                manner.change = { records, request in
                    if request == moments[0] || request == moments[1] {
                        records.insert(record(id: "\"new\(request)\""), at: 0)
                    }
                    if request == moments[2] || request == moments[3] { records.remove(at: removed) }
                }
            }
            var outcome = try await harness.sync(pageSize: pageSize, client: try harness.makeClient(server))
            for _ in 0..<5 where outcome.failure != nil {
                outcome = try await harness.sync(pageSize: pageSize, client: try harness.makeClient(server))
            }
            #expect(outcome.failure == nil, "seed \(seed): \(String(describing: outcome.failure))")
            let archived = try harness.archivedLines()
            #expect(Set(archived).count == archived.count, "seed \(seed)")
            let there = server.records.filter { !$0.contains("\"x") }
            let lost = Set(there).subtracting(archived)
            #expect(lost.isEmpty, "seed \(seed)")
        }
    }

    @Test("in great number in one page cost requests, and none of the others is lost")
    func many() async throws {
        try await SyncHarness.runInMemory { harness in
            let bad = (0..<20).map { Self.bad[0].replacing("x", with: "x\($0)") }
            let server = RecordServer(Self.good(30) + bad, .init(patience: 2_000))
            let outcome = try await harness.sync(pageSize: 100, client: try harness.makeClient(server))
            guard case .malformedRecords? = outcome.failure?.kind else {
                Issue.record("\(String(describing: outcome.failure))")
                return
            }
            #expect(try harness.archivedLines().count == 30)
            let next = try await harness.sync(pageSize: 100, client: try harness.makeClient(server))
            #expect(next.failure == nil && next.report.quarantined == 20)
            #expect(try harness.archivedLines().count == 30)
        }
    }

    @Test("where hardly anything is JSON end the run")
    func tooMany() async throws {
        try await SyncHarness.runInMemory { harness in
            let bad = (0..<60).map { Self.bad[0].replacing("x", with: "x\($0)") }
            let server = RecordServer(Self.good(30) + bad, .init(patience: 2_000))
            let outcome = try await harness.sync(pageSize: 100, client: try harness.makeClient(server))
            guard case .api(let error) = outcome.failure?.kind else {
                Issue.record("\(String(describing: outcome.failure))")
                return
            }
            #expect(error.kind == .unusable && error.summary.contains("not JSON"), "\(error)")
        }
    }
}
