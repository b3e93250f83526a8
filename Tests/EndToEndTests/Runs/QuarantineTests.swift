import TestSupport
import Testing

extension EndToEnd {
    @Suite struct QuarantineTests {
        /// Records without an id or a time, and events that come back with other content, are kept aside once.
        @Test func oddRecordsAreKeptOnceAndStopNothing() async throws {
            try await Bench.with(
                "--events", "1000", "--days", "2", "--odd", "no-id:0.02", "--odd", "id-not-a-string:0.02",
                "--odd", "not-an-object:0.02", "--odd", "no-created-at:0.02", "--odd", "unreadable-created-at:0.02",
                "--changed-share", "0.05", "--whitespace", "pretty"
            ) { bench in
                let first = try await bench.syncWell()
                #expect(first.quarantined > 10)
                // Of odd records that are the same, such as null, one is kept.
                #expect(first.events > 800 && first.events + first.quarantined <= 1000)
                try await bench.expectWhole()
                // Without what was remembered of the newest rows, all are read again.
                let forget = "rm .captivateiq-export/tail.json"
                #expect(try await bench.bash(forget).exitCode == 0)
                let second = try await bench.syncWell()
                #expect(second.events == 0)
                #expect(second.quarantined > 0, "none of the events came back changed")
                #expect(try await bench.bash(forget).exitCode == 0)
                let third = try await bench.syncWell()
                #expect(third.quarantined == 0, "kept aside twice")
                try await bench.expectWhole()
                let count = try await bench.bash("zcat quarantine/*.gz | jq -r .reason | wc -l")
                #expect(count.text == "\(first.quarantined + second.quarantined)\n", "\(count.everything)")
            }
        }
    }
}
