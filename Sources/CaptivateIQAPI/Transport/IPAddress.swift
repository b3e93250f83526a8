import Glibc

/// An IPv4 or IPv6 address as its bytes, 4 or 16.
struct IPAddress: Hashable, Sendable {
    let bytes: [UInt8]

    /// Reads an address; IPv6 without brackets. Nil for a name.
    init?(_ text: some StringProtocol) {
        let isLong = text.contains(":")
        var bytes = [UInt8](repeating: 0, count: isLong ? 16 : 4)
        let isRead = inet_pton(isLong ? AF_INET6 : AF_INET, String(text), &bytes) == 1
        guard isRead else { return nil }
        self.bytes = bytes
    }

    /// Whether the first `count` bits are those of `other`, which is of the same kind.
    func shares(_ count: Int, with other: IPAddress) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        let whole = count / 8
        guard bytes.prefix(whole) == other.bytes.prefix(whole) else { return false }
        let left = count % 8
        return left == 0 || (bytes[whole] ^ other.bytes[whole]) >> (8 - left) == 0
    }
}

/// A block of addresses, such as `10.0.0.0/8`.
struct IPNetwork: Hashable, Sendable {
    private let address: IPAddress
    private let prefix: Int

    /// Reads an address and the number of bits that all of the block share. Nil for anything else.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), !parts[1].isEmpty,
            parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let prefix = Int(parts[1]),
            prefix <= address.bytes.count * 8
        else { return nil }
        self.address = address
        self.prefix = prefix
    }

    /// Whether an address lies in the block.
    func contains(_ other: IPAddress) -> Bool { address.shares(prefix, with: other) }
}
