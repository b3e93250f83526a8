/// The file of the sidecar: a hint, so that no failure of it stops anything.
struct ManifestSidecarFile {
    /// More than any archive's dates and gaps need.
    static let largestSize = 16 << 20

    private let file: PrivateFile

    init(_ archive: ArchiveDirectory) {
        file = PrivateFile(
            archive.layout.manifestSidecar, archive.fileSystem, largestSize: Self.largestSize, isDurable: true)
    }

    /// What was kept last; `nil` if there is nothing, or nothing that can be read.
    func load() -> ManifestSidecar? { bytes.flatMap(ManifestSidecar.init(decoding:)) }

    /// Replaces what was kept, in one step, after the commit that it speaks of. What is there until then speaks of the
    /// commit before, and says so. Without it a rebuild costs requests, never events.
    func save(_ sidecar: ManifestSidecar) { try? file.replace(with: sidecar.encoded()) }

    /// The text as it stands, whatever is wrong with it.
    var bytes: [UInt8]? { file.read() }
}
