import CivilTime

/// One look at all of an archive, against one manifest.
struct VerificationPass: Sendable {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout
    let manifest: Manifest
    let statedTotals: Manifest.Totals

    /// Checks everything; the faults come unsorted.
    func run(parallelism: Int) async -> Verification {
        var verification = Verification(generation: manifest.generation)
        // Before the long part, so that little can have changed since the manifest was read.
        var strays = StrayCheck(fileSystem, layout, files: Set(manifest.paths))
        verification.faults += strays.run()
        let check = ManifestCheck(manifest: manifest, statedTotals: statedTotals)
        verification.faults += check.faults()
        var events = EventFindings()
        await checkFiles(parallelism) { file, findings in
            verification.faults += findings.faults
            switch file {
            case .data: events.add(findings, to: &verification)
            case .quarantine: verification.addQuarantine(findings)
            }
        }
        if events.areWhole, let fault = check.newestFault(events.newest) { verification.faults.append(fault) }
        let duplicates = DuplicateCheck(paths: manifest.files.map(\.name.path))
        verification.faults += duplicates.faults(in: events.sortedKeys())
        return verification
    }

    private func checkFiles(_ parallelism: Int, _ take: (FileToCheck, FileFindings) -> Void) async {
        // The longest first, lest one core ends up with it alone.
        let files =
            (manifest.files.indices.map(FileToCheck.data) + manifest.quarantine.indices.map(FileToCheck.quarantine))
            .sorted { size(of: $0) < size(of: $1) }
        await inParallel(files, atMost: parallelism, { check($0) }, take: take)
    }

    private func check(_ file: FileToCheck) -> FileFindings {
        let check = FileCheck(fileSystem: fileSystem, layout: layout)
        return switch file {
        case .data(let index):
            check.check(manifest.files[index], number: UInt32(clamping: index), writtenAt: manifest.writtenAt)
        case .quarantine(let index): check.check(manifest.quarantine[index])
        }
    }

    private func size(of file: FileToCheck) -> Int {
        switch file {
        case .data(let index): manifest.files[index].size
        case .quarantine(let index): manifest.quarantine[index].size
        }
    }
}

/// One of the manifest's files, by its place in its list.
private enum FileToCheck: Sendable {
    case data(Int)
    case quarantine(Int)
}

/// What the data files together turned out to hold.
private struct EventFindings {
    var newest: Timestamp?
    /// Whether all lines of all files were seen.
    var areWhole = true
    private var runs: [[PlacedKey]] = []

    mutating func add(_ findings: FileFindings, to verification: inout Verification) {
        if let measure = findings.measure { verification.add(measure) }
        if let time = findings.newest { newest = max(newest ?? time, time) }
        areWhole = areWhole && findings.isWhole
        runs.append(findings.keys)
    }

    /// The ids of all files, sorted.
    consuming func sortedKeys() -> [PlacedKey] { PlacedKey.merged(runs) }
}

extension Verification {
    fileprivate mutating func addQuarantine(_ findings: FileFindings) {
        guard let measure = findings.measure else { return }
        quarantineFiles += 1
        quarantinedRecords += measure.lines
    }
}
