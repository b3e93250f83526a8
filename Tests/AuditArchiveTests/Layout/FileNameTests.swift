@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing
import TestSupport

@Suite struct FileNameTests {
    @Test(arguments: [
        ("2025-02-23", 42, 0, "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz"),
        ("0001-01-01", 1, 7, "audit_logs/date=0001-01-01/audit_logs-0001-01-01-000001-07.ndjson.gz"),
        ("9999-12-31", 999_999, 99, "audit_logs/date=9999-12-31/audit_logs-9999-12-31-999999-99.ndjson.gz"),
        ("2024-02-29", 1_000_000, 100, "audit_logs/date=2024-02-29/audit_logs-2024-02-29-1000000-100.ndjson.gz")
    ])
    func dataFile(date: String, generation: Int, part: Int, path: String) throws {
        let name = DataFileName(date: try #require(CalendarDay(date)), generation: generation, part: part)
        #expect(name.path == path)
        #expect(DataFileName(path: path) == name)
    }

    @Test func quarantineFile() {
        let name = QuarantineFileName(generation: 42, part: 0)
        #expect(name.path == "quarantine/quarantine-000042-00.ndjson.gz")
        #expect(QuarantineFileName(path: name.path) == name)
        #expect(QuarantineFileName(path: "quarantine/quarantine-1000000-100.ndjson.gz")?.part == 100)
    }

    @Test(arguments: [
        "", "/", "..", "manifest.json", "audit_logs/date=2025-02-23/",
        "/audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz",
        "./audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz",
        "../audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz",
        "audit_logs/../date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz",
        "audit_logs//date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz",
        "audit_logs/date=2025-02-24/audit_logs-2025-02-23-000042-00.ndjson.gz",
        "audit_logs/date=2025-02-30/audit_logs-2025-02-30-000042-00.ndjson.gz",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-42-00.ndjson.gz",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-0000042-00.ndjson.gz",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-0.ndjson.gz",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-+00042-00.ndjson.gz",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042--0.ndjson.gz",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00-00.ndjson.gz",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-99999999999999999999-00.ndjson.gz",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz/",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz\0",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-٠٠٠٠٤٢-00.ndjson.gz",
        "quarantine/quarantine-000042-00.ndjson.gz"
    ])
    func refusedAsDataFile(path: String) {
        #expect(DataFileName(path: path) == nil)
    }

    @Test(arguments: [
        "", "quarantine", "quarantine/", "quarantine/../quarantine-000042-00.ndjson.gz",
        "/quarantine/quarantine-000042-00.ndjson.gz", "quarantine/quarantine-42-00.ndjson.gz",
        "quarantine/quarantine-000042-00.ndjson.gz.gz", "quarantine/quarantine000042-00.ndjson.gz",
        "quarantine/quarantine-000042-00-.ndjson.gz"
    ])
    func refusedAsQuarantineFile(path: String) {
        #expect(QuarantineFileName(path: path) == nil)
    }

    @Test func orderIsThatOfDateThenPath() throws {
        var names: [DataFileName] = []
        for date in ["2025-02-23", "2025-02-24"] {
            for generation in [1, 9, 10, 99_999, 999_999, 1_000_000, 10_000_000] {
                for part in [0, 9, 10, 99, 100, 1000] {
                    names.append(
                        DataFileName(date: try #require(CalendarDay(date)), generation: generation, part: part))
                }
            }
        }
        var random = SeededRandom(seed: 1)
        let shuffled = names.shuffled(using: &random)
        #expect(shuffled.sorted().map(\.path) == names.map(\.path).sorted())
    }

    @Test func layout() {
        let layout = ArchiveLayout(root: "/srv/archive")
        #expect(layout.manifest == "/srv/archive/manifest.json")
        #expect(layout.stagingDirectory == "/srv/archive/.captivateiq-export/staging")
        #expect(layout.journal == "/srv/archive/.captivateiq-export/journal.json")
        #expect(layout.hint("ledger.json") == "/srv/archive/.captivateiq-export/ledger.json")
        #expect(layout.absolute("audit_logs/date=2025-02-23") == "/srv/archive/audit_logs/date=2025-02-23")
    }
}
