/// An event id and where it is: 24 bytes an event are all that a verification remembers.
struct PlacedKey: Comparable, Sendable {
    var key: EventKey
    /// Counts the manifest's files from 0.
    var file: UInt32
    /// From 1.
    var line: UInt32

    static func < (one: PlacedKey, other: PlacedKey) -> Bool {
        if one.key != other.key { return one.key < other.key }
        return (one.file, one.line) < (other.file, other.line)
    }
}
