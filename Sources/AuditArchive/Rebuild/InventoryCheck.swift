import CivilTime

/// Reads every file of an inventory and makes its entry of the manifest, or says what is wrong with it.
struct InventoryCheck: Sendable {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout
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
        /// A call that failed, where it was not a file but the file system that is to blame.
        fileprivate(set) var failure: FileSystemError?
        fileprivate var organizations: [Int: [ArchiveOrganization]] = [:]
        fileprivate var runs: [[PlacedKey]] = []
    }

    private enum File: Sendable {
        case data(Int)
        case quarantine(Int)
    }

    /// Reads all files, at most `parallelism` at once. Memory goes with the events' ids, 24 bytes each.
    func run(now: Timestamp, parallelism: Int) async -> Findings {
        var findings = Findings()
        findings.faults = inventory.strays
        let files = inventory.quarantine.indices.map(File.quarantine) + inventory.data.indices.reversed().map(File.data)
        await inParallel(files, atMost: parallelism, { examine($0, now) }) { file, found in
            switch file {
            case .data(let index): findings.add(found, of: inventory.data[index], at: index)
            case .quarantine(let index): findings.add(found, of: inventory.quarantine[index], at: index)
            }
        }
        findings.settleOrganization(inventory.data)
        findings.duplicates = DuplicateResolution(PlacedKey.merged(findings.runs), names: inventory.data)
        findings.runs = []
        return findings
    }

    private func examine(_ file: File, _ now: Timestamp) -> FileFindings {
        let check = FileCheck(fileSystem: fileSystem, layout: layout)
        return switch file {
        case .data(let index): check.examine(inventory.data[index], number: UInt32(clamping: index), now: now)
        case .quarantine(let index): check.examine(inventory.quarantine[index])
        }
    }
}

extension InventoryCheck.Findings {
    fileprivate mutating func add(_ found: FileFindings, of name: DataFileName, at index: Int) {
        faults += found.faults
        failure = failure ?? found.failure
        runs.append(found.keys)
        organizations[index] = found.organizations
        guard found.faults.isEmpty, let measure = found.measure else { return }
        guard let range = found.range else {
            faults.append(ArchiveFault(.records, name.path, "holds no event"))
            return
        }
        newest[index] = found.newest
        data[index] = DataFile(
            name: name, sha256: found.sha256, size: measure.size, uncompressedSize: measure.uncompressedSize,
            records: measure.lines, firstEventTimestamp: range.first, lastEventTimestamp: range.last)
    }

    fileprivate mutating func add(_ found: FileFindings, of name: QuarantineFileName, at index: Int) {
        faults += found.faults
        failure = failure ?? found.failure
        guard found.faults.isEmpty, let measure = found.measure else { return }
        quarantine[index] = QuarantineFile(
            name: name, sha256: found.sha256, size: measure.size, uncompressedSize: measure.uncompressedSize,
            records: measure.lines)
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
