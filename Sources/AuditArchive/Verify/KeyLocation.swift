import AuditRecords

/// An event id and where it is: 24 bytes an event are all that a verification remembers.
struct KeyLocation: Comparable, Sendable {
    var key: EventKey
    /// Counts the manifest's files from 0.
    var file: UInt32
    /// From 1.
    var line: UInt32

    static func < (one: KeyLocation, other: KeyLocation) -> Bool {
        if one.key == other.key { return (one.file, one.line) < (other.file, other.line) }
        return one.key < other.key
    }

    /// All of some sorted runs, sorted. Their order makes the sort a merge.
    static func merged(_ runs: [[KeyLocation]]) -> [KeyLocation] {
        var keys: [KeyLocation] = []
        keys.reserveCapacity(runs.reduce(0) { $0 + $1.count })
        for run in runs { keys += run }
        keys.sort()
        return keys
    }
}

/// Finds the event ids that an archive holds more than once.
struct DuplicateCheck {
    /// The paths of the files by their number.
    let paths: [String]

    /// The faults of keys sorted over all files: one for each place after an id's first, which it names.
    func faults(in keys: [KeyLocation]) -> [ArchiveFault] {
        var lists: [UInt32: FaultList] = [:]
        var first = 0
        for index in keys.indices.dropFirst() {
            guard keys[index].key == keys[first].key else {
                first = index
                continue
            }
            let (place, before) = (keys[index], keys[first])
            lists[place.file, default: FaultList()].add(
                .duplicateID, path(of: place), line: Int(place.line),
                "has the event id of line \(before.line)" + (place.file == before.file ? "" : " of \(path(of: before))")
            )
        }
        return lists.flatMap { file, list in list.faults(of: paths[Int(file)]) }
    }

    private func path(of place: KeyLocation) -> String { paths[Int(place.file)] }
}
