import JSONText
import SystemPackage

/// The generations that notes beside the manifest know. A copy that was put back may be older than these, and must not
/// use their numbers again.
struct KnownGenerations {
    /// The highest; 0 where nothing is known.
    let newest: Int

    /// Reads the notes; what cannot be read knows nothing.
    init(_ archive: ArchiveDirectory) {
        let freshness = try? archive.fileSystem.contents(
            of: archive.layout.freshness, upTo: ManifestSidecarFile.largestSize)
        let notes = [freshness.flatMap(\.self), ManifestSidecarFile(archive).bytes]
        newest = notes.map { Self.generation(in: $0 ?? []) }.max() ?? 0
    }

    /// The first member that says so: both notes begin with it.
    private static func generation(in bytes: [UInt8]) -> Int {
        var reader = JSONReader(bytes)
        var generation = 0
        do {
            try reader.readObject { (reader, key) throws(JSONTextError) in
                if key == "generation" { generation = try reader.readInteger() } else { try reader.skipValue() }
            }
        } catch {
            return 0
        }
        return (0..<Manifest.largestNumber).contains(generation) ? generation : 0
    }
}
