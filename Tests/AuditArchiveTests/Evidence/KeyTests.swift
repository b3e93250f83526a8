@testable import AuditArchive
import SystemPackage
import TestSupport
import Testing

/// Keys and signatures, against `openssl`.
@Suite struct KeyTests {
    static func key(seed: UInt64 = 1) throws -> SigningKey {
        var random = SeededRandom(seed: seed)
        return try #require(SigningKey(using: &random))
    }

    static func write(_ text: String, to path: String) throws {
        try PosixFileSystem().createDurably(FilePath(path), Array(text.utf8))
    }

    static func bash(_ script: String, in directory: String) async throws -> String {
        let outcome = try await CommandRunner(directory: directory).run("bash", "-euo", "pipefail", "-c", script)
        try #require(outcome.exitCode == 0, "\(script): \(outcome.text)\(outcome.errors)")
        return outcome.text.trimmed
    }

    @Test func keysOfOpensslAreRead() async throws {
        try await withTemporaryDirectory { directory in
            let text = try await Self.bash(
                "openssl genpkey -algorithm ed25519 -out k.pem; openssl pkey -in k.pem -pubout -out p.pem; cat k.pem",
                in: directory)
            let key = try #require(SigningKey(pem: text))
            #expect(key.pem.trimmed == text)
            #expect(try await Self.bash("cat p.pem", in: directory) == key.verifier.pem.trimmed)
            let fingerprint = try await Self.bash(
                "openssl pkey -pubin -in p.pem -outform DER | sha256sum | cut -d' ' -f1", in: directory)
            #expect(fingerprint == key.verifier.fingerprint)
        }
    }

    @Test func opensslReadsOurKeysAndChecksACheckpointByHand() async throws {
        let key = try Self.key()
        var head = Checkpoint(origin: Checkpoint.origin(of: "9f2c"), entries: 1234, root: .plain("x"))
        #expect(!head.isSigned(by: key.verifier))
        // As after a change of keys: the newest one signs last.
        for signer in [try Self.key(seed: 2), key] {
            let isSigned = head.sign(with: signer)
            #expect(isSigned)
        }
        let text = String(decoding: head.encoded, as: UTF8.self)
        try await withTemporaryDirectory { directory in
            try Self.write(text, to: "\(directory)/checkpoint")
            try Self.write(key.pem, to: "\(directory)/k.pem")
            try Self.write(key.verifier.pem, to: "\(directory)/key.pub.pem")
            #expect(
                try await Self.bash("openssl pkey -in k.pem -pubout", in: directory) == key.verifier.pem.trimmed)
            let byHand = """
                sed '/^$/,$d' checkpoint >n
                sed -n 's/^— [^ ]* //p' checkpoint | tail -n 1 | base64 -d | tail -c +5 >s
                openssl pkeyutl -verify -pubin -inkey key.pub.pem -rawin -in n -sigfile s
                """
            #expect(try await Self.bash(byHand, in: directory) == "Signature Verified Successfully")
        }
    }

    @Test func aCheckpointReadsBackAndKnowsItsSigners() throws {
        let (key, other) = (try Self.key(), try Self.key(seed: 2))
        var head = Checkpoint(origin: "captivateiq-audit-archive/9f2c", entries: 7, root: .plain("x"))
        let isSigned = head.sign(with: key)
        #expect(isSigned)
        let read = try #require(Checkpoint(decoding: head.encoded))
        #expect(read == head)
        #expect(read.isSigned(by: key.verifier) && !read.isSigned(by: other.verifier))
        let changed = String(decoding: head.encoded, as: UTF8.self).replacing("\n7\n", with: "\n8\n")
        let forged = try #require(Checkpoint(decoding: Array(changed.utf8)))
        #expect(!forged.isSigned(by: key.verifier))
        // Signatures of unknown keys are ignored.
        let cosigned = head.encoded + Array("\u{2014} someone AAAAAAAA\n".utf8)
        let readAgain = try #require(Checkpoint(decoding: cosigned))
        #expect(readAgain.isSigned(by: key.verifier))
        for text in ["", "a\n", "a\nb\nc\n\n", "a\n1\nAAAA\n\n", "a\n01\n\(String(repeating: "A", count: 43))=\n\n"] {
            #expect(Checkpoint(decoding: Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test func aVerifierKeyNamesItsKey() throws {
        let key = try Self.key().verifier
        let text = key.verifierKey(as: "captivateiq-audit-archive/9f2c")
        let read = try #require(VerifierKey(text: text + "\n"))
        #expect(read.isSameKey(as: key) && read.name == "captivateiq-audit-archive/9f2c")
        let fromPEM = try #require(VerifierKey(text: key.pem))
        #expect(fromPEM.isSameKey(as: key))
        #expect(VerifierKey(text: text.replacing("9f2c", with: "9f2d")) == nil)
        for text in ["", "x", "a+b+c", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"] {
            #expect(VerifierKey(text: text) == nil)
        }
    }

    @Test func aSigningKeyPrintsAsNothing() throws {
        let key = try Self.key()
        var dump = ""
        Swift.dump(key, to: &dump)
        let secret = key.pem.split(separator: "\n")[1].suffix(20)
        for text in ["\(key)", String(reflecting: key), dump] { #expect(!text.contains(secret)) }
        for pem in ["", "x", key.verifier.pem] { #expect(SigningKey(pem: pem) == nil) }
    }
}
