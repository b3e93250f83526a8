import AuditArchive
@testable import ExportCLI
import Foundation
import Glibc
import Logging
import SystemPackage
import TestSupport
import Testing

/// What may stand in the place of `requests.json`: nothing of it stops a run, is waited for, or is read without end.
@Suite struct HostileLedgerFileTests {
    @Test(arguments: ["folder", "huge", "endless", "pipe", "link out", "draft folder"])
    func garbage(kind: String) async throws {
        try await withTemporaryDirectory { folder in
            let layout = ArchiveLayout(root: FilePath(folder))
            let files = FileManager.default
            try files.createDirectory(atPath: layout.privateDirectory.string, withIntermediateDirectories: false)
            let path = layout.hint("requests.json").string
            try write("kept", to: "\(folder)/outside")
            switch kind {
            case "folder": try files.createDirectory(atPath: path, withIntermediateDirectories: false)
            case "huge": #expect(truncate(try write("", to: path), 100 << 20) == 0)
            case "endless": try files.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
            case "pipe": #expect(mkfifo(path, 0o600) == 0)
            case "link out": try files.createSymbolicLink(atPath: path, withDestinationPath: "\(folder)/outside")
            default: try files.createDirectory(atPath: "\(path).new", withIntermediateDirectories: false)
            }
            let store = RequestLedgerFile(layout, fileSystem: PosixFileSystem(), logger: Logger(label: "test"))
            #expect(store.load() == nil)
            store.save(Array("{}".utf8))
            let isReplaced = ["huge", "endless", "pipe", "link out"].contains(kind)
            #expect((store.load() == Array("{}".utf8)) == isReplaced)
            #expect(try String(contentsOfFile: "\(folder)/outside", encoding: .utf8) == "kept")
        }
    }
}
