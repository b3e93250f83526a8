import Testing

/// What reading one input came to. The kind tells one way of refusing or accepting from another: an input that shows a
/// new kind is mutated further.
enum FuzzOutcome: Equatable, Sendable {
    /// A typed error, or nil, as it should be for what is not valid.
    case refused(kind: String)
    /// Taken, and everything that must follow from that holds.
    case accepted(kind: String)
    /// A property does not hold.
    case violated(String)
}

/// A reader of bytes that come from outside, and what must hold for any of them.
struct FuzzTarget: Sendable, CustomTestStringConvertible {
    /// Names the corpus folder too.
    let name: String
    /// Snippets that the format gives a meaning to.
    let tokens: [[UInt8]]
    /// Makes damaged bytes agree with their own checksums again, so that more than the checksum is tried.
    var repair: (@Sendable ([UInt8]) -> [UInt8])?
    /// Reads the bytes and checks what follows.
    let judge: @Sendable ([UInt8]) -> FuzzOutcome

    init(
        _ name: String, tokens: [String], repair: (@Sendable ([UInt8]) -> [UInt8])? = nil,
        judge: @escaping @Sendable ([UInt8]) -> FuzzOutcome
    ) {
        self.name = name
        self.tokens = tokens.map { Array($0.utf8) }
        self.repair = repair
        self.judge = judge
    }

    var testDescription: String { name }

    /// Every reader.
    static let all: [FuzzTarget] = [
        .page, .record, .timestamp, .gzip, .manifest, .manifestFacts, .journal, .tailHint, .backfillHint
    ]
}
