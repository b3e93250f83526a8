import AuditArchive
@testable import ExportCLI
import Logging
import SystemPackage
import TestSupport
import Testing

@Suite("The memory of the hour's requests")
struct RequestLedgerFileTests {
    @Test("is a private file that is replaced whole")
    func roundTrip() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let ledger = RequestLedgerFile(layout, fileSystem: PosixFileSystem(), logger: Logger(label: "test"))
            #expect(ledger.load() == nil)
            ledger.save(Array("one".utf8))
            ledger.save(Array("two".utf8))
            #expect(ledger.load() == Array("two".utf8))
            let names = try PosixFileSystem().names(in: layout.privateDirectory)
            #expect(names.filter { $0.hasPrefix("requests") } == ["requests.json"])
        }
    }

    @Test("goes on after a crash between writing and renaming")
    func leftover() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            try write("half", to: layout.hint("requests.json.new").string)
            let ledger = RequestLedgerFile(layout, fileSystem: PosixFileSystem(), logger: Logger(label: "test"))
            ledger.save(Array("whole".utf8))
            #expect(ledger.load() == Array("whole".utf8))
        }
    }

    @Test("stops nothing where it cannot be written, and says so at level debug")
    func failure() {
        let collector = Collector()
        var reader = SettingsReader(SettingsResolver(flags: [:], environment: [:]))
        let messages = Messages(
            OutputSettings(&reader), to: collector, style: .init(isTerminal: false, hasColor: false)
        ) { SettledClock.noon }
        let logger = Logger(label: "test") { _ in MessageLogHandler(messages, level: .debug) }
        let layout = ArchiveLayout(root: "/nonexistent/archive")
        RequestLedgerFile(layout, fileSystem: PosixFileSystem(), logger: logger).save([1])
        #expect(collector.text.contains(" debug The memory of the hour's requests was not written error="))
    }
}
