import Foundation

/// The kept inputs of a target.
struct FuzzCorpus: Sendable {
    /// One file of it.
    struct Entry: Sendable {
        let name: String
        let bytes: [UInt8]
    }

    let entries: [Entry]

    /// The inputs in the source tree, in the order of their names.
    init(of target: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Corpus/\(target)")
        entries = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            Entry(name: name, bytes: [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))))
        }
    }

    /// Other inputs.
    init(_ entries: [Entry]) {
        self.entries = entries
    }
}
