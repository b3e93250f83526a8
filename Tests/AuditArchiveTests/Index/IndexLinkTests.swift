@testable import AuditArchive
import Foundation
import SystemPackage
import TestSupport
import Testing

/// A link or a file in the place of the index's folder: nothing there is written or removed, and lookups are answered.
@Suite struct IndexLinkTests {
    private static let names = ["0123456789abcdef.ids", "head", "head.new", "kept"]

    @Test func folderThatIsALinkIsLeftAlone() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            let ids = archive.layout.hint("ids").string
            let outside = archive.layout.root.removingLastComponent().appending("outside").string
            try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: false)
            for name in Self.names { try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(outside)/\(name)")) }
            try FileManager.default.removeItem(atPath: ids)
            try FileManager.default.createSymbolicLink(atPath: ids, withDestinationPath: outside)
            try await self.expectSound(archive, next: 3)
            #expect(try FileManager.default.contentsOfDirectory(atPath: outside).sorted() == Self.names)
            #expect(
                try Self.names.allSatisfy { try String(contentsOfFile: "\(outside)/\($0)", encoding: .utf8) == "kept" })
            try FileManager.default.removeItem(atPath: ids)
            try Data("kept".utf8).write(to: URL(fileURLWithPath: ids))
            try await self.expectSound(archive, next: 4)
            #expect(try String(contentsOfFile: ids, encoding: .utf8) == "kept")
        }
    }

    @Test func strangersInTheFolderAreLeftAlone() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            let ids = archive.layout.hint("ids").string
            for name in Self.names.filter({ $0 != "head" }) {
                try Data("x".utf8).write(to: URL(fileURLWithPath: "\(ids)/\(name)"))
            }
            try await self.expectSound(archive, next: 3)
            #expect(try FileManager.default.contentsOfDirectory(atPath: ids).sorted() == ["head", "kept"])
        }
    }

    /// Looks up, commits one more and looks up again.
    private func expectSound(_ archive: TestArchive, next: Int) async throws {
        let session = try archive.open()
        #expect(try await session.dates(thatMayHold: [IndexModel.key(1)]) == ["2025-02-23"])
        #expect(try await session.dates(thatMayHold: [IndexModel.key(next)]) == [])
        try await session.stage(EventBatch([IndexModel.event(next, on: "2025-02-26")], date: "2025-02-26"))
        _ = try await session.commit(TestArchive.facts())
        #expect(try await session.dates(thatMayHold: [IndexModel.key(next)]) == ["2025-02-26"])
        await session.close()
    }
}
