import CivilTime

/// One look at all of an archive, against one manifest.
struct VerificationPass: Sendable {
    let archive: ArchiveDirectory
    let manifest: Manifest
    let statedTotals: Manifest.Totals
    let trust: EvidenceTrust

    /// Checks everything; the faults come unsorted.
    func run(parallelism: Int, _ report: (VerificationProgress) -> Void) async -> Verification {
        var verification = Verification(generation: manifest.generation)
        // Before the long part, so that little can have changed since the manifest was read.
        var strays = StrayCheck(archive, files: Set(manifest.paths))
        let found = strays.run()
        verification.faults += found.filter { !$0.kind.isNote }
        verification.notes = found.filter(\.kind.isNote).sorted()
        let check = ManifestCheck(manifest: manifest, statedTotals: statedTotals)
        verification.faults += check.faults()
        var events = EventFindings()
        var progress = VerificationProgress(manifest)
        var evidence = EvidenceCheck(archive, manifest, trust)
        var scan = ArchiveScan(archive, manifest)
        scan.hashing = { [evidence] in evidence.hashing(of: $0) }
        await scan.run(longestLast, parallelism: parallelism) { file, findings in
            verification.faults += findings.faults
            evidence.take(scan.path(of: file), findings)
            progress.record(findings, size: size(of: file))
            report(progress)
            switch file {
            case .data: events.add(findings, to: &verification)
            case .quarantine: verification.addQuarantine(findings)
            }
        }
        if events.areWhole, let fault = check.newestFault(events.newest) { verification.faults.append(fault) }
        let duplicates = DuplicateCheck(paths: manifest.files.map(\.name.path))
        verification.faults += duplicates.faults(in: events.sortedKeys())
        evidence.finish()
        verification.faults += evidence.faults
        verification.notes = (verification.notes + evidence.notes).sorted()
        verification.evidence = evidence.summary
        return verification
    }

    /// All files, the longest one to be looked at first, lest one core ends up with it alone.
    private var longestLast: [ArchiveScan.File] {
        (manifest.files.indices.map(ArchiveScan.File.data)
            + manifest.quarantine.indices.map(ArchiveScan.File.quarantine))
            .sorted { size(of: $0) < size(of: $1) }
    }

    private func size(of file: ArchiveScan.File) -> Int {
        switch file {
        case .data(let index): manifest.files[index].size
        case .quarantine(let index): manifest.quarantine[index].size
        }
    }
}

/// What the data files together turned out to hold.
private struct EventFindings {
    var newest: Timestamp?
    /// Whether all lines of all files were seen.
    var areWhole = true
    private var runs: [[KeyLocation]] = []

    mutating func add(_ findings: FileFindings, to verification: inout Verification) {
        if let file = findings.digest { verification.add(file) }
        if let time = findings.newest { newest = max(newest ?? time, time) }
        areWhole = areWhole && findings.isWhole
        runs.append(findings.keys)
    }

    /// The ids of all files, sorted.
    consuming func sortedKeys() -> [KeyLocation] { KeyLocation.merged(runs) }
}

extension Verification {
    fileprivate mutating func addQuarantine(_ findings: FileFindings) {
        guard let file = findings.digest else { return }
        quarantineFiles += 1
        quarantinedRecords += file.records
    }
}
