import AuditArchive

/// Reads an archive that it has verified before, all of it by one manifest. What a commit changes meanwhile begins it anew.
struct VerifiedReading: Sendable {
    /// What a reading came to.
    enum Outcome<Result> {
        case read(Result)
        /// The archive does not pass its verification.
        case damaged(Verification)
    }

    /// What one try came to.
    enum Step<Result> {
        case whole(Result)
        /// A file is gone.
        case vanished(DataFile)
    }

    private static let mostTries = 5

    let layout: ArchiveLayout
    let fileSystem: any FileSystem
    let parallelism: Int
    var trust = EvidenceTrust()

    /// Verifies the archive and reads it.
    ///
    /// - Parameters:
    ///   - report: hears how far the verification is.
    ///   - read: reads what the manifest names. It is called again where another manifest has come meanwhile.
    /// - Throws: `ArchiveError` where there is no archive, or a file cannot be read.
    func run<Result>(
        report: (VerificationProgress) -> Void = { _ in },
        _ read: (Manifest, Verification) async throws(ArchiveError) -> Step<Result>
    ) async throws(ArchiveError) -> Outcome<Result> {
        for number in 1...Self.mostTries {
            let manifest = try fileSystem.requireManifest(layout).manifest
            let verifier = ArchiveVerifier(layout, fileSystem: fileSystem, trust: trust)
            let verification = try await verifier.verify(parallelism: parallelism, report: report)
            guard verification.faults.isEmpty else { return .damaged(verification) }
            // A sync that commits meanwhile: what it has made is read.
            guard verification.generation == manifest.generation else { continue }
            let failure: ArchiveError
            do throws(ArchiveError) {
                switch try await read(manifest, verification) {
                case .whole(let result): return .read(result)
                case .vanished(let file): failure = ArchivedLines.absence(of: file, in: layout, fileSystem)
                }
            } catch {
                failure = error
            }
            let isUnchanged = try fileSystem.requireManifest(layout).manifest.digest == manifest.digest
            if isUnchanged, failure.kind != .locked || number == Self.mostTries { throw failure }
        }
        throw ArchiveError(
            .locked, "The archive changed each time that it was verified", at: layout.root,
            hint: "Try again when no sync is running.")
    }
}
