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
