import CivilTime

/// Reads every file of an inventory and makes its entry of the manifest, or says what is wrong with it.
struct InventoryCheck: Sendable {
    let archive: ArchiveDirectory
    let inventory: ArchiveInventory

    /// What the files turned out to be.
    struct Findings {
        /// Entries of the sound data files, by their place in the inventory.
        fileprivate(set) var data: [Int: DataFile] = [:]
        /// Entries of the sound quarantine files, by their place in the inventory.
        fileprivate(set) var quarantine: [Int: QuarantineFile] = [:]
        /// The newest event of each data file that is not later than now, by its place in the inventory.
        fileprivate(set) var newest: [Int: Timestamp] = [:]
        /// Whose events they are.
        fileprivate(set) var organization: ArchiveOrganization?
        /// Everything that is wrong, unsorted.
        fileprivate(set) var faults: [ArchiveFault] = []
        /// The events that are there more than once.
        fileprivate(set) var duplicates = DuplicateResolution([], names: [])
        /// The data files that had gone on record and are there again, by their place in the inventory.
        fileprivate(set) var returned: Set<UInt32> = []
        /// What the evidence says of the files.
        fileprivate(set) var evidence = RebuildEvidence(nil)
        /// A call that failed, where it was not a file but the file system that is to blame.
        fileprivate(set) var failure: FileSystemError?
        fileprivate var organizations: [Int: [ArchiveOrganization]] = [:]
        fileprivate var runs: [[KeyLocation]] = []
    }

    /// Reads all files, at most `parallelism` at once. Memory goes with the events' ids, 24 bytes each.
    func run(now: Timestamp, parallelism: Int, _ replay: EvidenceReplay? = nil) async -> Findings {
        var findings = Findings()
        findings.evidence = RebuildEvidence(replay)
        findings.faults = inventory.strays
        let files =
            inventory.quarantine.indices.map(ArchiveScan.File.quarantine)
            + inventory.data.indices.reversed().map(ArchiveScan.File.data)
        var scan = ArchiveScan(archive, inventory, now: now)
        scan.hashing = { [evidence = findings.evidence] in evidence.hashing(of: $0) }
        await scan.run(files, parallelism: parallelism) { file, found in
            findings.evidence.take(scan.path(of: file), found)
            switch file {
            case .data(let index): findings.add(found, of: inventory.data[index], at: index)
            case .quarantine(let index): findings.add(found, of: inventory.quarantine[index], at: index)
            }
        }
        findings.settleOrganization(inventory.data)
        findings.returned = Set(
            inventory.data.indices.filter { findings.evidence.isReturned(.data(inventory.data[$0])) }
                .map { UInt32(clamping: $0) })
        findings.duplicates = DuplicateResolution(
            KeyLocation.merged(findings.runs), names: inventory.data, returned: findings.returned)
        findings.runs = []
        return findings
    }
}

extension InventoryCheck.Findings {
    fileprivate mutating func add(_ found: FileFindings, of name: DataFileName, at index: Int) {
        faults += found.faults
        failure = failure ?? found.failure
        runs.append(found.keys)
        organizations[index] = found.organizations
        guard found.faults.isEmpty, let digest = found.digest else { return }
        guard let range = found.range else {
            faults.append(ArchiveFault(.records, name.path, "holds no event"))
            return
        }
        newest[index] = found.newest
        data[index] = DataFile(
            name: name, digest: digest, firstEventTimestamp: range.first, lastEventTimestamp: range.last)
    }

    fileprivate mutating func add(_ found: FileFindings, of name: QuarantineFileName, at index: Int) {
        faults += found.faults
        failure = failure ?? found.failure
        guard found.faults.isEmpty, let digest = found.digest else { return }
        quarantine[index] = QuarantineFile(name: name, digest: digest)
    }

    /// One archive, one organization; the oldest event that names one tells which.
    fileprivate mutating func settleOrganization(_ names: [DataFileName]) {
        for index in names.indices {
            for found in organizations[index] ?? [] where found.id != organization?.id {
                if let organization {
                    let text = "has events of organization \(found.id), and files before it of \(organization.id)"
                    faults.append(ArchiveFault(.organization, names[index].path, text))
                } else {
                    organization = found
                }
            }
        }
        organizations = [:]
    }
}
