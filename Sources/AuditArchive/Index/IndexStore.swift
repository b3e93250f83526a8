import SystemPackage

/// The index's folder. A lost index is only made anew, so no failure here stops anything; but words that could not be
/// written are never taken for words that are there.
struct IndexStore: Sendable {
    let fileSystem: any FileSystem
    private let folder: FilePath
    private let head: PrivateFile

    private static let headName = "head"
    private static let draftName = "head.new"
    /// More than any archive needs.
    private static let largestHead = 4 << 20

    init(_ archive: ArchiveDirectory) {
        fileSystem = archive.fileSystem
        folder = archive.layout.indexDirectory
        head = PrivateFile(
            folder.appending(Self.headName), fileSystem, largestSize: Self.largestHead, isDurable: true)
    }

    /// Where a segment is.
    func path(of segment: IndexSegment) -> FilePath { folder.appending(segment.fileName) }

    /// The head that was saved last; `nil` if there is none, or none that can be read.
    func loadHead() -> IndexHead? { head.read().flatMap { IndexHead(decoding: $0.span.bytes) } }

    /// Replaces the head in one step.
    func save(_ newHead: IndexHead) throws(FileSystemError) {
        try fileSystem.ensureDirectory(folder)
        try head.replace(with: newHead.encoded().span.bytes.withUnsafeBytes { Array($0) })
    }

    /// Writes sorted words as a segment, durably. It is part of the index once a head names it.
    func write(_ words: [UInt64]) throws(FileSystemError) -> IndexSegment {
        try write { (writer) throws(FileSystemError) in
            for word in words { try writer.append(word) }
        }
    }

    /// Writes the words of several segments as one.
    func merge(_ segments: [IndexSegment]) throws(FileSystemError) -> IndexSegment {
        var merge = IndexMerge()
        defer { merge.close() }
        for segment in segments { try merge.add(segment, self) }
        return try write { (writer) throws(FileSystemError) in
            while let word = try merge.next() { try writer.append(word) }
        }
    }

    /// Hands over all words of some segments.
    func forEachWord(of segments: [IndexSegment], _ body: (UInt64) -> Void) throws(FileSystemError) {
        var words: [UInt64] = []
        for segment in segments {
            var file = try IndexSegmentFile(segment, self)
            defer { file.close() }
            for block in stride(from: 0, to: segment.blocks, by: IndexSegmentFile.blocksAtOnce) {
                words.removeAll(keepingCapacity: true)
                try file.read(block..<min(segment.blocks, block + IndexSegmentFile.blocksAtOnce), into: &words)
                for word in words { body(word) }
            }
        }
    }

    /// Removes segments that are not named here and drafts.
    func sweep(keeping segments: [IndexSegment]) {
        guard isFolder else { return }
        let kept = Set(segments.map(\.fileName))
        for name in (try? fileSystem.names(in: folder)) ?? [] {
            // Nothing that has a name no index gave.
            guard name == Self.draftName || IndexSegment.isFileName(name) && !kept.contains(name) else { continue }
            try? fileSystem.remove(folder.appending(name))
        }
    }

    /// Removes the head: what else is there is of no use then.
    func removeHead() {
        guard isFolder else { return }
        try? fileSystem.removeIfPresent(folder.appending(Self.headName))
    }

    /// Removes segments that no head names.
    func remove(_ segments: [IndexSegment]) {
        for segment in segments { try? fileSystem.removeIfPresent(path(of: segment)) }
    }

    /// Not so where a link leads to one: nothing is removed there.
    private var isFolder: Bool { (try? fileSystem.status(of: folder))?.kind == .directory }

    private func write(
        _ body: (inout IndexSegmentWriter) throws(FileSystemError) -> Void
    ) throws(FileSystemError) -> IndexSegment {
        try fileSystem.ensureDirectory(folder)
        let number = UInt64.random(in: .min ... .max)
        let path = path(of: IndexSegment(number: number, count: 0))
        let file = try fileSystem.create(path)
        do throws(FileSystemError) {
            var isOpen = true
            // Only after a failure, which is what gets reported.
            defer { if isOpen { try? file.close() } }
            var writer = IndexSegmentWriter(file, at: path, number: number)
            try body(&writer)
            let segment = try writer.finish()
            isOpen = false
            try file.close()
            return segment
        } catch {
            try? fileSystem.remove(path)
            throw error
        }
    }
}
