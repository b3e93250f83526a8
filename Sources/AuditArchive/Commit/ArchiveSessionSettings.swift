/// How an archive's files are written and kept.
package struct ArchiveSessionSettings: Sendable {
    /// Level and cores.
    var compression: CompressionSettings

    /// The most bytes of NDJSON in one file.
    var maximumPartSize: Int

    /// Program and version, for the manifest.
    var writer: String

    /// How the index of ids is divided.
    var index = IndexLimits()

    /// Names an archive that has no name yet.
    var archiveID: String

    /// How long files that compaction replaced are kept for those who have them open.
    package var retireAfter = Duration.seconds(86_400)

    /// Where events come from, and who signs the evidence.
    package var evidence = EvidenceSettings()

    /// Chooses how files are written.
    package init(
        compression: CompressionSettings, maximumPartSize: Int, writer: String,
        archiveID: String = ArchiveID.random()
    ) {
        self.compression = compression
        self.maximumPartSize = maximumPartSize
        self.writer = writer
        self.archiveID = archiveID
    }
}
