import SystemPackage

/// `freshness.json`. Lost or unreadable it is no damage: the next sync writes it anew.
package struct FreshnessFile: Sendable {
    private static let largestSize = 1 << 16

    private let file: PrivateFile

    /// The file of the archive at `layout`.
    package init(_ layout: ArchiveLayout, _ fileSystem: any FileSystem) {
        // What a crash leaves of a replacement belongs among the private files: the archive's folder holds nothing else.
        file = PrivateFile(
            layout.freshness, fileSystem, largestSize: Self.largestSize, isDurable: true,
            draft: layout.hint("freshness.json.new"))
    }

    /// What the last sync said; `nil` if there is nothing, or nothing that can be read.
    package func load() -> Freshness? { file.read().flatMap(Freshness.init(decoding:)) }

    /// Records a run, which holds the archive's lock. Returns what the file says now.
    ///
    /// - Parameter manifest: The archive's, as far as it is known.
    func record(_ run: Freshness.Run, _ manifest: Manifest?) throws(ArchiveError) -> Freshness {
        let freshness = Freshness(after: run, manifest: manifest, before: load())
        do {
            try file.replace(with: freshness.encoded())
        } catch {
            throw ArchiveError(error)
        }
        return freshness
    }
}
