import AuditArchive
@testable import ExportCLI
import SystemPackage

/// Writes a file, readable by its owner alone unless said otherwise.
@discardableResult
func write(_ text: String, to path: String, permissions: FilePermissions = [.ownerRead, .ownerWrite]) throws -> String {
    let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .truncate], permissions: permissions)
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
    return path
}

/// A token that no message may ever show.
let secret = "s3cr3t-T0ken-never-shown"

/// All settings of a sync.
func readSync(
    flags: [String: String] = [:], environment: [String: String] = [:], needs: Bool = true
) throws(SettingsError) -> SyncConfiguration {
    let basics = needs ? ["CAPTIVATEIQ_ARCHIVE": "/a", "CAPTIVATEIQ_API_TOKEN": secret] : [:]
    var reader = try SettingsReader.opening(
        flags: flags, environment: basics.merging(environment) { $1 }, fileSystem: PosixFileSystem(),
        now: SettledClock.noon)
    return try SyncConfiguration(&reader, fileSystem: PosixFileSystem())
}

/// What is wrong with the settings; empty if nothing is.
func problems(
    flags: [String: String] = [:], environment: [String: String] = [:], needs: Bool = true
) -> [SettingProblem] {
    do {
        _ = try readSync(flags: flags, environment: environment, needs: needs)
        return []
    } catch {
        return error.problems
    }
}
