import AuditArchive

/// When a sync merges the files of a day.
enum CompactionTime: String, CaseIterable, Sendable {
    /// Never: `compact` does it.
    case off
    /// Once it is closed.
    case closed
}

/// How files are written and kept, for every command that writes.
struct StoringSettings: Sendable {
    /// zlib's level.
    var compressionLevel: Int
    /// The largest data file, uncompressed, in bytes.
    var maximumPartSize: Int
    /// How long files that were merged are kept for open handles.
    var retireAfter: Duration

    /// Reads the settings; what is wrong with them is recorded in `reader`.
    init(_ reader: inout SettingsReader) {
        let keys = SettingTable.storing
        compressionLevel = reader.value(keys.compressionLevel)
        maximumPartSize = reader.value(keys.maxPartSize)
        retireAfter = reader.value(keys.retireAfter)
    }

    /// What an archive is opened with.
    var session: ArchiveSessionSettings {
        var settings = ArchiveSessionSettings(
            compression: CompressionSettings(
                level: compressionLevel, parallelism: PosixProcess.processorCount),
            maximumPartSize: maximumPartSize, writer: ExportProgram.writer)
        settings.retireAfter = retireAfter
        return settings
    }
}

/// What a command needs to know that writes to the archive and asks nobody.
struct MaintenanceSettings: Sendable {
    /// The archive, and how to write results and log lines.
    var common: CommonSettings
    /// How files are written and kept.
    var storing: StoringSettings
    /// Who signs the evidence.
    var evidence: EvidenceSettings

    /// Reads and checks them.
    ///
    /// - Throws: everything that is wrong, at once.
    static func load(
        _ reader: inout SettingsReader, _ fileSystem: any FileSystem
    ) throws(SettingsError) -> MaintenanceSettings {
        let signer = SigningKeySetting(fileSystem: fileSystem).read(&reader)
        let common = CommonSettings(&reader)
        let storing = StoringSettings(&reader)
        guard let common, reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        return MaintenanceSettings(
            common: common, storing: storing, evidence: EvidenceSettings(signer: signer))
    }
}
