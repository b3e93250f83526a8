import Crypto
import JSONText

/// An Ed25519 private key. It prints as nothing.
package struct SigningKey: Sendable {
    /// What a PKCS#8 file of an Ed25519 key holds in DER (RFC 8410); the key's 32 bytes follow.
    private static let derPrefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
    ]
    /// The same of version 2, which has the public key behind it: how the public part begins.
    private static let secondVersionPrefix: [UInt8] = [
        0x30, 0x51, 0x02, 0x01, 0x01, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
    ]
    private static let secondVersionSize = 83

    private let seed: [UInt8]

    /// The public key that belongs to it.
    package let verifier: VerifierKey

    private init?(seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
        self.seed = seed
        verifier = VerifierKey(Array(key.publicKey.rawRepresentation), name: nil)
    }

    /// A new key; `nil` if the generator's bytes can be none.
    package init?(using generator: inout some RandomNumberGenerator) {
        self.init(seed: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// Reads a PKCS#8 file in PEM; `nil` unless it holds an Ed25519 key.
    package init?(pem: String) {
        guard let der = PEMText.decoded(pem, label: PEMText.privateKey) else { return nil }
        let isFirst = der.count == Self.derPrefix.count + 32 && der.starts(with: Self.derPrefix)
        let isSecond = der.count == Self.secondVersionSize && der.starts(with: Self.secondVersionPrefix)
        guard isFirst || isSecond else { return nil }
        self.init(seed: Array(der[Self.derPrefix.count..<Self.derPrefix.count + 32]))
    }

    /// The key as a PKCS#8 file in PEM, for nobody but its owner.
    package var pem: String { PEMText.encoded(Self.derPrefix + seed, label: PEMText.privateKey) }

    /// Signs some bytes; `nil` if that fails.
    func signature(of message: [UInt8]) -> [UInt8]? {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
        return (try? key.signature(for: message)).map { Array($0) }
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The fingerprint of its public key.
    package var description: String { "signing key \(verifier.fingerprint)" }

    /// The fingerprint of its public key.
    package var debugDescription: String { description }

    /// Shows the public key alone.
    package var customMirror: Mirror { Mirror(self, children: ["verifier": verifier]) }
}
