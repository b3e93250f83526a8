import SystemPackage

/// The file of the facts: a hint, so that no failure of it stops anything.
struct ManifestFactsFile {
    static let name = "manifest-facts.json"

    /// More than any archive's dates and gaps need.
    static let largestSize = 16 << 20

    private let fileSystem: any FileSystem
    private let path: FilePath
    private let draft: FilePath

    init(_ layout: ArchiveLayout, _ fileSystem: any FileSystem) {
        self.fileSystem = fileSystem
        path = layout.hint(Self.name)
        draft = layout.hint(Self.name + ".new")
    }

    /// What was kept last; `nil` if there is nothing, or nothing that can be read.
    func load() -> ManifestFacts? {
        (try? fileSystem.contents(of: path, upTo: Self.largestSize)).flatMap { $0 }.flatMap(
            ManifestFacts.init(decoding:))
    }

    /// Replaces what was kept, in one step, after the commit that it speaks of. What is there until then speaks of the
    /// commit before, and says so.
    func save(_ facts: ManifestFacts) {
        do throws(FileSystemError) {
            try fileSystem.removeIfPresent(draft)
            try fileSystem.createDurably(draft, facts.encoded())
            try fileSystem.rename(draft, to: path)
        } catch {
            // Without it a rebuild costs requests, never events.
        }
    }
}
