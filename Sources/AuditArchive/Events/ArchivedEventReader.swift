package import AuditRecords
import CivilTime
import Crypto
import JSONText
import SystemPackage

/// An archived event as far as telling new from known needs it.
package struct ArchivedEvent: Sendable {
    /// Its id.
    package var key: EventKey

    /// Its content.
    package var digest: ContentDigest

    /// Says what an event's content is.
    package init(key: EventKey, digest: ContentDigest) {
        self.key = key
        self.digest = digest
    }
}

/// An archived event as far as telling the same value in another order from another value needs it.
package struct EventValue: Sendable {
    /// Its id.
    package var key: EventKey

    /// Its content.
    package var digest: CanonicalDigest

    /// Says what an event's content is.
    package init(key: EventKey, digest: CanonicalDigest) {
        self.key = key
        self.digest = digest
    }
}

/// Reads data files back: the archive itself is the memory of what is known.
struct ArchivedEventReader {
    /// Bytes that are read at once where a file is only hashed.
    private static let pieceSize = 1 << 18

    private let archive: ArchiveDirectory

    init(_ archive: ArchiveDirectory) {
        self.archive = archive
    }

    /// The events of one file. A file that is not what the manifest says is refused: with it, new could not be told
    /// from known.
    func events(in file: DataFile) throws(ArchiveError) -> [ArchivedEvent] {
        var events: [ArchivedEvent] = []
        // The manifest may lie about the count, so it is not trusted with much memory.
        events.reserveCapacity(min(file.records, 1 << 20))
        try read(file, at: archive.layout.absolute(file.name.path)) { line, record in
            guard let id = record.id else { return }
            let key = id.withDecodedBytes(in: line) { EventKey(id: $0) }
            events.append(ArchivedEvent(key: key, digest: ContentDigest(line: line)))
        }
        return events
    }

    /// The values of the events of one file, which may still be staged.
    func values(in file: DataFile, at path: FilePath) throws(ArchiveError) -> [EventValue] {
        var values: [EventValue] = []
        values.reserveCapacity(min(file.records, 1 << 20))
        try read(file, at: path) { line, record in
            guard let id = record.id else { return }
            let key = id.withDecodedBytes(in: line) { EventKey(id: $0) }
            values.append(EventValue(key: key, digest: CanonicalDigest(of: line)))
        }
        return values
    }

    /// The events of one file that have these keys, as a person would look for them.
    func references(in file: DataFile, to keys: Set<EventKey>) throws(ArchiveError) -> [EventReference] {
        var references: [EventReference] = []
        try read(file, at: archive.layout.absolute(file.name.path)) { line, record in
            guard let id = record.id, let time = record.time(in: line) else { return }
            guard keys.contains(id.withDecodedBytes(in: line, { EventKey(id: $0) })) else { return }
            references.append(EventReference(time: time, id: id.string(in: line)))
        }
        return references
    }

    /// The newest event time in a file that is not later than `limit`.
    func newestEvent(in file: DataFile, at path: FilePath, notAfter limit: Timestamp) throws(ArchiveError) -> Timestamp?
    {
        var newest: Timestamp?
        try read(file, at: path) { line, record in
            guard let time = record.time(in: line), time <= limit else { return }
            newest = max(newest ?? time, time)
        }
        return newest
    }

    /// Refuses a file that is not what the manifest says, without decompressing it.
    func check(_ file: DataFile) throws(ArchiveError) {
        let path = archive.layout.absolute(file.name.path)
        let found: TreeHash?
        do {
            found = try archive.fileSystem.reading(path) { (file) throws(FileSystemError) in
                var (hash, bytes) = (SHA256(), [UInt8]())
                while try file.read(upTo: Self.pieceSize, into: &bytes) > 0 {
                    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
                    bytes.removeAll(keepingCapacity: true)
                }
                return TreeHash(hash.finalize())
            }
        } catch {
            throw ArchiveError(error)
        }
        guard let found else { throw .damaged("A data file is missing", at: path) }
        guard found == file.sha256 else { throw .mismatch(at: path) }
    }

    private func read(
        _ file: DataFile, at path: FilePath, _ body: (RawSpan, RecordScan) -> Void
    ) throws(ArchiveError) {
        var lines = GzipLineReader(path, archive.fileSystem)
        var fault: String?
        var keys = RecordKeys()
        do {
            try lines.read { number, line in
                do throws(JSONTextError) {
                    body(line, try RecordScan(line: line, keys: &keys))
                } catch {
                    fault = fault ?? "line \(number) is not JSON: \(error)"
                }
            }
        } catch {
            switch error {
            case .file(let failure) where failure.errno == .noSuchFileOrDirectory:
                throw ArchiveError.damaged("A data file is missing", at: path)
            case .file(let failure): throw ArchiveError(failure)
            case .gzip(let failure): fault = "it does not decompress: \(failure)"
            }
        }
        if fault == nil, lines.digest.sha256 != file.sha256 { throw .mismatch(at: path) }
        if let fault { throw .damaged("A data file is damaged: \(fault)", at: path) }
    }
}

extension ArchiveError {
    fileprivate static func mismatch(at path: FilePath) -> ArchiveError {
        .damaged("A data file is damaged: its checksum is not the manifest's", at: path)
    }
}
