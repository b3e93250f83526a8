import Foundation
import SystemPackage

/// What outlives the process, under `.build/fuzz`: the input that is being judged, in case that ends in a crash, and the
/// inputs that violated a property.
struct FuzzFiles {
    private let folder: URL
    private let target: String
    private let descriptor: FileDescriptor

    /// The folder that `scripts/fuzz` looks into.
    static let standardFolder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".build/fuzz")

    /// Opens the file of the current input.
    init(of target: String, in folder: URL = standardFolder) throws {
        self.folder = folder
        self.target = target
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("current-\(target)").path
        descriptor = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
    }

    /// Puts `bytes` where a crash leaves them.
    func begin(_ bytes: [UInt8]) throws {
        try descriptor.resize(to: 0)
        try descriptor.writeAll(toAbsoluteOffset: 0, bytes)
    }

    /// Keeps an input that violated a property and returns where.
    func keep(_ bytes: [UInt8]) throws -> String {
        let findings = folder.appendingPathComponent("findings/\(target)")
        try FileManager.default.createDirectory(at: findings, withIntermediateDirectories: true)
        // FNV-1a: the same input gets the same name.
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let file = findings.appendingPathComponent("finding-\(String(hash, radix: 16))")
        try Data(bytes).write(to: file)
        return file.path
    }

    /// Removes the file of the current input: there was no crash.
    func end() throws {
        try descriptor.close()
        try FileManager.default.removeItem(at: folder.appendingPathComponent("current-\(target)"))
    }
}
