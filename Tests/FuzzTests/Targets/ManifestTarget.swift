import JSONTestSupport
@testable import AuditArchive
import AuditReport
import CivilTime

extension FuzzTarget {
    /// `manifest.json`.
    static let manifest = FuzzTarget("manifest", tokens: manifestTokens + jsonTokens, judge: ManifestJudge.judgeSealed)
}

let manifestTokens = [
    #""format": "captivateiq-audit-archive","#, #""format_version": 1,"#, #""generation": "#, #""organization": null,"#,
    #""last_event_timestamp": null,"#, #""pending": [{"from": "2025-01-01T00:00:00Z", "to": "2025-01-02T00:00:00Z"}],"#,
    #""partitions": [],"#, #""files": [],"#, #""quarantine": [],"#, #""api_count": 7,"#,
    #""checked_at": "2025-03-01T00:00:00Z","#, #""state": "open""#, #""state": "closed""#, #""state": "erased""#,
    #""format_version": 2,"#, #""synced_to": null,"#, #""complete_through": "2025-02-23","#, #""archive_count": 7"#,
    #""archived_at": "2025-03-01T00:00:00.000000Z""#, #""replaces": 2"#, #""difference": -1"#, #""checked": [],"#,
    #""holds": [],"#, #""pruned": [],"#, #""size": "#,
    #""records": 9223372036854775807"#, #""uncompressed_size": "#, #""totals": "#, #""unknown": [],"#,
    "2025-02-23", "0001-01-01", "9999-12-31", "-000042-00.ndjson.gz", "-1000000-100.ndjson.gz", "/../", "Ünï\\u0000"
]

private enum ManifestJudge {
    /// A changed manifest of version 2 is refused for its checksum alone; so what it says is judged with the right one.
    static func judgeSealed(_ bytes: [UInt8]) -> FuzzOutcome {
        let outcome = judge(bytes)
        guard case .refused = outcome else { return outcome }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let line = text.ranges(of: "\n  \"sha256_above\": \"").last?.lowerBound else { return outcome }
        return judge(ManifestSeal.sealed(String(text[...line])).bytes)
    }

    static func judge(_ bytes: [UInt8]) -> FuzzOutcome {
        let manifest: Manifest
        do throws(ManifestError) {
            manifest = try Manifest(decoding: bytes)
        } catch {
            return .refused(kind: kind(of: error))
        }
        guard JSONJudge.fault(bytes.span.bytes) == nil else { return .violated("accepts what is not JSON") }
        // A commit counts on, and `status` and the next manifest add up: neither may overflow.
        guard manifest.generation < .max else { return .violated("no generation can follow") }
        let status = StatusReport(
            ArchiveInspection(manifest: manifest),
            .init(now: manifest.writtenAt, lookback: .seconds(86_400), maximumAge: .seconds(93_600), freshness: nil))
        _ = (status.verdict, status.backlogDuration, status.quarantined, status.days(last: 14))
        var sealed = manifest
        if sealed.archiveID.isEmpty { sealed.archiveID = String(repeating: "0", count: 32) }
        let text = sealed.seal()
        // What is not known is written as it was, and may be JSON that Foundation has no room for.
        let isJSON =
            manifest.unknown.isEmpty ? FoundationJudge.accepts(text) : JSONJudge.fault(text.span.bytes) == nil
        guard isJSON, let again = try? Manifest(decoding: text), again == sealed,
            again.encoded() == text, status.manifest.generation == again.generation
        else { return .violated("does not survive writing") }
        if JSONJudge.isShallow(bytes.span.bytes), let key = disagreement(of: manifest, with: ReferenceJSON(bytes)) {
            return .violated("another `\(key)` than the text has")
        }
        return .accepted(kind: kind(of: manifest))
    }

    /// The key in which the manifest is not what the reference says; nil if it agrees.
    private static func disagreement(of manifest: Manifest, with reference: ReferenceJSON) -> String? {
        if manifest.generation != reference.member("generation")?.integer { return "generation" }
        if manifest.writer != reference.member("writer")?.text { return "writer" }
        if manifest.writtenAt != reference.member("written_at")?.moment { return "written_at" }
        if manifest.startTimestamp != reference.member("start_timestamp")?.moment { return "start_timestamp" }
        if manifest.lastEventTimestamp != reference.member("last_event_timestamp")?.moment {
            return "last_event_timestamp"
        }
        if manifest.formatVersion != reference.member("format_version")?.integer { return "format_version" }
        if manifest.formatVersion > 1 {
            if manifest.archiveID != reference.member("archive_id")?.text { return "archive_id" }
            if manifest.syncedTo != reference.member("synced_to")?.moment { return "synced_to" }
            if manifest.completeThrough?.description != reference.member("complete_through")?.text {
                return "complete_through"
            }
            let checked = reference.member("checked")?.elements ?? []
            if !manifest.checked.elementsEqual(checked, by: isSame) { return "checked" }
        }
        let organization = reference.member("organization")
        if manifest.organization?.id != organization?.member("id")?.text { return "organization" }
        let files = reference.member("files")?.elements ?? []
        if !manifest.files.elementsEqual(files, by: isSame) { return "files" }
        let quarantine = reference.member("quarantine")?.elements ?? []
        if !manifest.quarantine.elementsEqual(quarantine, by: isSame) { return "quarantine" }
        let partitions = reference.member("partitions")?.elements ?? []
        return manifest.partitions.elementsEqual(partitions, by: isSame) ? nil : "partitions"
    }

    private static func isSame(_ file: DataFile, _ entry: ReferenceJSON) -> Bool {
        file.name.path == entry.member("path")?.text && file.sha256.hexadecimal == entry.member("sha256")?.text
            && file.size == entry.member("size")?.integer && file.records == entry.member("records")?.integer
            && file.uncompressedSize == entry.member("uncompressed_size")?.integer
            && file.firstEventTimestamp == entry.member("first_event_timestamp")?.moment
            && file.lastEventTimestamp == entry.member("last_event_timestamp")?.moment
            && file.archivedAt == entry.member("archived_at")?.moment
            && file.replaces == entry.member("replaces")?.integer
    }

    private static func isSame(_ run: CheckedRun, _ entry: ReferenceJSON) -> Bool {
        run.from.description == entry.member("from")?.text && run.to.description == entry.member("to")?.text
            && run.apiCount == entry.member("api_count")?.integer
            && run.archiveCount == entry.member("archive_count")?.integer
            && run.difference == entry.member("difference")?.integer
            && run.checkedAt == entry.member("checked_at")?.moment
    }

    private static func isSame(_ file: QuarantineFile, _ entry: ReferenceJSON) -> Bool {
        file.name.path == entry.member("path")?.text && file.sha256.hexadecimal == entry.member("sha256")?.text
            && file.size == entry.member("size")?.integer && file.records == entry.member("records")?.integer
            && file.uncompressedSize == entry.member("uncompressed_size")?.integer
    }

    private static func isSame(_ partition: Partition, _ entry: ReferenceJSON) -> Bool {
        partition.date.description == entry.member("date")?.text
            && partition.state.rawValue == entry.member("state")?.text
            && partition.records == entry.member("records")?.integer
    }

    private static func kind(of manifest: Manifest) -> String {
        let counts = [
            manifest.files.count, manifest.partitions.count, manifest.quarantine.count, manifest.pending.ranges.count
        ]
        return "\(counts.map { min($0, 4) }), organization \(manifest.organization != nil)"
    }

    /// The error without places and numbers.
    private static func kind(of error: ManifestError) -> String {
        switch error {
        case .notJSON(let fault): "not JSON: \(fault.kind)"
        case .invalid(_, let reason): String(reason.filter { !$0.isNumber }.suffix(20))
        case .unknownVersion: "unknown version"
        }
    }
}

extension ReferenceJSON {
    /// The moment that a string names, by the reference; nil for any other value.
    var moment: Timestamp? {
        text.flatMap { TimestampReference.microseconds(Array($0.utf8)) }.map { Timestamp(microseconds: Int64($0)) }
    }
}
