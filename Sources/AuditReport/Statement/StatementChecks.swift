import AuditArchive
import CivilTime
import JSONText

/// The commands by which a stranger checks a statement, one after the other.
struct StatementChecks {
    /// Some commands, and what they show.
    struct Check {
        var title: String
        /// Each on one line. One that does not agree ends with another code than 0.
        var commands: [String]
    }

    private let statement: Statement

    init(_ statement: Statement) {
        self.statement = statement
    }

    /// All that can be checked of this statement.
    var list: [Check] { [ofFiles, ofPopulation, ofArchive] + ofEvidence }

    private var ofFiles: Check {
        Check(
            title: "The files of this statement are those that were written.",
            commands: ["sha256sum --check --quiet SHA256SUMS"])
    }

    private var ofPopulation: Check {
        let digest = statement.population.digest
        return Check(
            title:
                "The population has as many events as it says, each id once, and is the file that statement.json names.",
            commands: [
                "gzip -t population.ndjson.gz",
                "[ \"$(zcat population.ndjson.gz | wc -l)\" -eq \(digest.records) ]",
                "[ -z \"$(zcat population.ndjson.gz | jq .id | LC_ALL=C sort | uniq -d)\" ]",
                "[ \"$(jq -r .population.sha256 statement.json)\" = \"$(sha256sum <population.ndjson.gz | cut -d' ' -f1)\" ]",
                "[ \"$(jq '[.completeness.days[].events] | add' statement.json)\" -eq \(digest.records) ]"
            ])
    }

    private var ofArchive: Check {
        let period = statement.settings.period
        let named = #"jq -r '.files[] | "\(.sha256)  \(.path)"' statement.json"#
        let files =
            "find . -name '*.ndjson.gz' | awk -F/ '{d = substr($2, 6)} d >= \"\(period.lowerBound)\" && d <= "
            + "\"\(period.upperBound)\"' | xargs -r zcat"
        var commands = ["ARCHIVE=\(Self.quoted(statement.settings.archive))"]
        if !statement.files.isEmpty { commands.append("\(named) | (cd \"$ARCHIVE\" && sha256sum --check --quiet)") }
        let ofPeriod =
            #"jq -r '.files[] | select(.date >= "\#(period.lowerBound)" and .date <= "\#(period.upperBound)") | "#
            + #""\(.sha256)  \(.path)"' "$ARCHIVE/manifest.json""#
        commands.append("[ \"$(\(ofPeriod) | LC_ALL=C sort)\" = \"$(\(named) | LC_ALL=C sort)\" ]")
        commands += [
            "[ \"$( (cd \"$ARCHIVE/audit_logs\" && \(files)) | LC_ALL=C sort | sha256sum)\" = "
                + "\"$(zcat population.ndjson.gz | LC_ALL=C sort | sha256sum)\" ]",
            "[ \"$(head -n -2 \"$ARCHIVE/manifest.json\" | sha256sum | cut -d' ' -f1)\" = \(statement.state.digest) ]"
        ]
        return Check(
            title:
                "The archive, or a copy of it as it was then (set ARCHIVE to where it is), has these files, these events "
                + "and this manifest. A later commit makes others of them.",
            commands: commands)
    }

    private var ofEvidence: [Check] {
        guard statement.verification.evidence.entries != nil else { return [] }
        let above = "$(sed '/^  \"evidence\": /,$d' \"$ARCHIVE/manifest.json\" | sha256sum | cut -d' ' -f1)"
        let log = log(statement.verification.evidence.entries)
        let named = Check(
            title: "The evidence log names this manifest.",
            commands: ["\(log) | grep -F '\"op\":\"commit\"' | grep -qF \"\(above)\""])
        return [named] + [signature, stamps].compactMap(\.self)
    }

    /// The head stands in `statement.json`, so that this can be checked when the archive has gone on.
    private var signature: Check? {
        guard let head = statement.evidence?.checkpoint, let key = statement.verification.evidence.fingerprint else {
            return nil
        }
        return Check(
            title:
                "The head of the log, \(Figures.count(head.entries, "entry", plural: "entries")), is signed by the key of "
                + "this fingerprint, and is computed from that log. Compare the fingerprint with the one that you were given.",
            commands: [
                "WORK=$(mktemp -d)", "jq -j .evidence.checkpoint statement.json >\"$WORK/head\"",
                "[ \"$(openssl pkey -pubin -in \"$ARCHIVE/evidence/key.pub.pem\" -outform DER | sha256sum | cut -d' ' -f1)\" = "
                    + "\(key) ]",
                "sed '/^$/,$d' \"$WORK/head\" >\"$WORK/n\"",
                "sed -n 's/^\u{2014} [^ ]* //p' \"$WORK/head\" | tail -n 1 | base64 -d | tail -c +5 >\"$WORK/s\"",
                "openssl pkeyutl -verify -pubin -inkey \"$ARCHIVE/evidence/key.pub.pem\" -rawin -in \"$WORK/n\" -sigfile "
                    + "\"$WORK/s\"",
                "[ \"$(sed -n 2p \"$WORK/n\")\" -eq \(head.entries) ]",
                "[ \"$(\(log(head.entries)) | \(Self.root))\" = \"$(sed -n 3p \"$WORK/n\")\" ]",
                "rm -r \"$WORK\""
            ])
    }

    /// Prints the first entries of the log: a later commit adds others.
    private func log(_ entries: Int?) -> String {
        "cat \"$ARCHIVE\"/evidence/log/*.ndjson | head -n \(entries ?? 0)"
    }

    /// Computes the root of the tree that has these lines for leaves, in Base64.
    private static let root =
        "python3 -c \"import base64, hashlib, sys; sha = lambda b: hashlib.sha256(b).digest(); "
        + "root = lambda h: h[0] if len(h) < 2 else root([sha(b'\\1' + a + b) for a, b in zip(h[::2], h[1::2])] "
        + "+ h[len(h) // 2 * 2:]); "
        + "print(base64.b64encode(root([sha(b'\\0' + l[:-1]) for l in sys.stdin.buffer])).decode())\""

    private var stamps: Check? {
        let stamped = (statement.evidence?.anchors ?? []).filter(\.isTimeStamped)
        guard !stamped.isEmpty else { return nil }
        return Check(
            title:
                "Authorities have stamped older heads with the time. With an authority's certificate, openssl ts -verify "
                + "-data HEAD -in STAMP -CAfile CERTIFICATE proves it.",
            commands: stamped.map { anchor in
                let stamp = anchor.path.replacing(".checkpoint", with: ".tsr")
                return "openssl ts -reply -in \"$ARCHIVE/\(stamp)\" -text"
            })
    }

    /// A word for sh that means just this text.
    private static func quoted(_ text: String) -> String {
        // What cannot be shown is for the reader to set.
        guard text == VisibleText.oneLine(text) else { return "/path/of/the/archive" }
        return "'\(text.replacing("'", with: "'\\''"))'"
    }
}
