/// Appends the parts of one event to a buffer, drawing every choice from one random sequence.
struct EventWriter {
    var random: SeededGenerator
    let allowsLoneSurrogates: Bool

    mutating func pick(_ choices: [[UInt8]], into out: inout [UInt8]) {
        out.append(contentsOf: choices[random.below(choices.count)])
    }

    /// A quoted string: one to three pieces of the vocabulary.
    mutating func text(into out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        if allowsLoneSurrogates, random.chance(0.02) {
            pick(Vocabulary.loneSurrogates, into: &out)
        }
        for piece in 0...random.below(3) {
            if piece > 0 { out.append(UInt8(ascii: " ")) }
            pick(Vocabulary.texts, into: &out)
        }
        out.append(UInt8(ascii: "\""))
    }

    mutating func scalar(into out: inout [UInt8]) {
        switch random.below(10) {
        case 0..<5: pick(Vocabulary.numbers, into: &out)
        case 5..<8: text(into: &out)
        case 8: out.append(contentsOf: (random.below(2) == 0 ? "true" : "false").utf8)
        default: out.append(contentsOf: "null".utf8)
        }
    }

    /// The value of `data`: free form in the API, so of many shapes here.
    mutating func data(into out: inout [UInt8]) {
        switch random.below(20) {
        case 0: out.append(contentsOf: "null".utf8)
        case 1: out.append(contentsOf: "{}".utf8)
        case 2: scalar(into: &out)
        case 3..<6: session(into: &out)
        case 6..<8: nest(depth: 4, into: &out)
        default: changes(into: &out)
        }
    }

    private mutating func session(into out: inout [UInt8]) {
        out.append(contentsOf: #"{"method":"sso","mfa":true,"session":"#.utf8)
        out.append(contentsOf: String(random.next()).utf8)
        out.append(contentsOf: #","agent":"Mozilla\/5.0 (X11; Linux x86_64)","note":"#.utf8)
        text(into: &out)
        out.append(UInt8(ascii: "}"))
    }

    private mutating func changes(into out: inout [UInt8]) {
        out.append(contentsOf: #"{"changes":{"#.utf8)
        for field in 0...random.below(2) {
            if field > 0 { out.append(UInt8(ascii: ",")) }
            // The number keeps keys of one object distinct.
            out.append(UInt8(ascii: "\""))
            pick(Vocabulary.fields, into: &out)
            out.append(contentsOf: "_\(field)".utf8)
            out.append(contentsOf: #"":{"old":"#.utf8)
            scalar(into: &out)
            out.append(contentsOf: #","new":"#.utf8)
            scalar(into: &out)
            out.append(UInt8(ascii: "}"))
        }
        out.append(contentsOf: #"},"affected_records":"#.utf8)
        out.append(contentsOf: String(random.below(5_000)).utf8)
        out.append(UInt8(ascii: "}"))
    }

    private mutating func nest(depth: Int, into out: inout [UInt8]) {
        guard depth > 0 else { return scalar(into: &out) }
        out.append(contentsOf: #"{"items":["#.utf8)
        scalar(into: &out)
        out.append(contentsOf: #",[],{}],"inner":"#.utf8)
        nest(depth: depth - 1, into: &out)
        out.append(UInt8(ascii: "}"))
    }

    /// An object reference, `{"object_id":…,"object_name":…,"object_type":…}`, without the braces.
    mutating func object(into out: inout [UInt8]) {
        out.append(contentsOf: #""object_id":"obj_"#.utf8)
        out.append(contentsOf: String(100_000 + random.below(900_000)).utf8)
        out.append(contentsOf: #"","object_name":""#.utf8)
        pick(Vocabulary.objectNames, into: &out)
        out.append(contentsOf: #"","object_type":""#.utf8)
        pick(Vocabulary.objectTypes, into: &out)
        out.append(UInt8(ascii: "\""))
    }

    mutating func parents(into out: inout [UInt8]) {
        out.append(contentsOf: #""parent_objects":["#.utf8)
        for parent in 0..<max(0, random.below(5) - 1) {
            if parent > 0 { out.append(UInt8(ascii: ",")) }
            out.append(UInt8(ascii: "{"))
            object(into: &out)
            out.append(UInt8(ascii: "}"))
        }
        out.append(UInt8(ascii: "]"))
    }
}

/// Where an event's bytes lie in an ``EventArena``.
struct EventLocation: Equatable, Sendable {
    fileprivate let chunk: Int32
    fileprivate let offset: Int32
    let length: Int32
}

/// The bytes of all events, each kept once, in chunks that never move.
struct EventArena: Sendable {
    private static let chunkSize = 4 << 20
    private var chunks: [[UInt8]] = []

    /// Lets `write` append one event's bytes, and returns where they are.
    mutating func append<Result>(_ write: (inout [UInt8]) -> Result) -> (location: EventLocation, result: Result) {
        if chunks.last.map({ $0.count >= Self.chunkSize }) ?? true {
            var chunk: [UInt8] = []
            // Room for one event past the limit, so that a full chunk is not copied to grow.
            chunk.reserveCapacity(Self.chunkSize + 1 << 16)
            chunks.append(chunk)
        }
        let index = chunks.count - 1
        let offset = chunks[index].count
        let result = write(&chunks[index])
        let length = chunks[index].count - offset
        return (EventLocation(chunk: Int32(index), offset: Int32(offset), length: Int32(length)), result)
    }

    /// Appends the bytes at `location`, less the last `dropping`, to `out`.
    func copy(_ location: EventLocation, dropping: Int = 0, to out: inout [UInt8]) {
        let start = Int(location.offset)
        out.append(contentsOf: chunks[Int(location.chunk)][start..<(start + Int(location.length) - dropping)])
    }
}

/// Writing of JSON text, as far as the simulator needs it.
enum JSONFragment {
    /// The text as a JSON string with its quotes; only what must be escaped is escaped.
    static func string(_ text: String) -> [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                out.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".utf8)
            default:
                out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
        return out
    }
}
