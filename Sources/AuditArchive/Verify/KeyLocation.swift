import AuditRecords

/// An event id and where it is: 24 bytes an event are all that a verification remembers.
struct KeyLocation: Comparable, Sendable {
    var key: EventKey
    /// Counts the manifest's files from 0.
    var file: UInt32
    /// From 1.
    var line: UInt32

    static func < (one: KeyLocation, other: KeyLocation) -> Bool {
        if one.key != other.key { return one.key < other.key }
        return (one.file, one.line) < (other.file, other.line)
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
