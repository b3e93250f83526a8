import TestSupport

/// What inputs look like to a compressor.
enum SampleKind: CaseIterable, Sendable {
    /// Does not compress.
    case random
    /// Compresses a thousandfold.
    case repetitive
    /// Lines of JSON with much in common, as audit events.
    case events

    /// `count` bytes of this kind, the same for the same seed.
    func bytes(count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        switch self {
        case .random: return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        case .repetitive: return [UInt8](repeating: 0x61, count: count)
        case .events:
            var text: [UInt8] = []
            while text.count < count {
                text += Self.event(using: &random).utf8
            }
            return [UInt8](text.prefix(count))
        }
    }

    private static func event(using random: inout SeededRandom) -> String {
        let id = String(UInt64.random(in: 0...UInt64.max, using: &random), radix: 16)
        let user = Int.random(in: 0..<40, using: &random)
        let second = Int.random(in: 10...59, using: &random)
        return """
            {"id":"\(id)","object":"audit_log","organization_id":"org_123456","organization_name":"Acme Corp",\
            "user_id":"user_\(user)","user_email":"user\(user)@acme.example",\
            "created_at":"2025-02-23T14:30:\(second)Z","event_type":"update","version":1}

            """
    }
}

/// Sizes around the ends of the dictionary and of the blocks.
let boundarySizes = [
    0, 1, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1,
    1024 * 1024, 5 * 512 * 1024 + 17
]
