import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
@testable import ExportCLI
import SystemPackage
import Testing

@Suite("Exit codes")
struct ExitStatusTests {
    @Test("are the contract's")
    func codes() {
        #expect(
            ExitStatus.allCases.map(\.rawValue) == [0, 1, 64, 65, 66, 69, 70, 71, 73, 74, 75, 76, 77, 78, 129, 130, 143]
        )
    }

    @Test(
        "follow from the archive's errors",
        arguments: [
            (ArchiveError.Kind.damaged, Int32(65), "damaged"), (.unknownVersion, 65, "unknown_version"),
            (.absent, 66, "no_archive"), (.notWritable, 73, "not_writable"), (.inputOutput, 74, "io"),
            (.locked, 75, "locked"), (.resources, 71, "resources")
        ])
    func archive(kind: ArchiveError.Kind, code: Int32, word: String) {
        let error = ArchiveError(kind, "It broke", at: "/srv/audit", hint: "Mend it.")
        let failure = Failure(error)
        #expect(failure.status.rawValue == code)
        #expect(failure.text == "error: It broke (/srv/audit)\n  Mend it.\n")
        #expect(
            failure.object.text
                == #"{"code": \#(code), "kind": "\#(word)", "message": "It broke", "hint": "Mend it.", "path": "/srv/audit"}"#
        )
        #expect(Failure(SyncFailure(.archive(error)), stop: nil) == failure)
    }

    @Test(
        "follow from the API's errors",
        arguments: [
            (APIError.Kind.unreachable, Int32(69), "unreachable"), (.unusable, 76, "unusable"),
            (.unauthorized, 77, "unauthorized"), (.forbidden, 77, "forbidden"), (.firewall, 77, "firewall"),
            (.rateLimited, 75, "rate_limited"), (.resources, 71, "resources")
        ])
    func api(kind: APIError.Kind, code: Int32, word: String) {
        let error = APIError(kind: kind, summary: "no answer", url: "https://api.test/x", hint: "Wait.")
        let failure = Failure(error)
        #expect(failure.status.rawValue == code)
        #expect(failure.text == "error: no answer (https://api.test/x)\n  Wait.\n")
        let expected =
            #"{"code": \#(code), "kind": "\#(word)", "message": "no answer", "hint": "Wait.", "url": "https://api.test/x"}"#
        #expect(failure.object.text == expected)
        #expect(Failure(SyncFailure(.api(error)), stop: .interrupt) == failure)
    }

    @Test(
        "follow from the reason to stop",
        arguments: [
            (StopReason.interrupt, Int32(130)), (.terminate, 143), (.hangUp, 129), (.maximumDuration(.seconds(60)), 75)
        ])
    func stops(reason: StopReason, code: Int32) {
        let cancelled = APIError(kind: .cancelled, summary: "cancelled", url: "https://api.test/x", hint: "")
        #expect(Failure(SyncFailure(.cancelled), stop: reason).status.rawValue == code)
        #expect(Failure(SyncFailure(.api(cancelled)), stop: reason).status.rawValue == code)
    }

    @Test("say 78 for a ca_file that cannot be used, and 69 where no root certificates are found")
    func certificates() {
        let url = "https://api.test"
        let file = Failure(
            .caFile(path: "/ca.pem", reason: "cannot be read: Why"), caFile: .flag("--ca-file"), url: url)
        #expect(file.status == .settings)
        #expect(file.headline == "ca_file cannot be \"/ca.pem\" (flag --ca-file)")
        #expect(file.hints.first?.contains("since it cannot be read: Why") == true)
        let none = Failure(.none(looked: ["/1", "/2"]), caFile: nil, url: url)
        #expect(none.status == .unreachable)
        #expect(none.text.contains("no root certificates were found") && none.text.contains("ca-certificates"))
        #expect(none.text.contains("ca_file") && none.text.contains("/1, /2") && none.text.contains(url))
    }

    @Test("say 75 for pages that do not add up, 65 for another organization, 70 for what cannot be")
    func others() {
        #expect(Failure(SyncFailure(.incomplete("2025-01-01")), stop: nil).status == .stopped)
        #expect(Failure(SyncFailure(.incomplete("2025-01-01")), stop: nil).kind == .movedPages)
        #expect(Failure(SyncFailure(.cancelled), stop: .maximumDuration(.seconds(1))).kind == .maxDuration)
        #expect(Failure(SyncFailure(.cancelled), stop: .terminate).kind == .interrupted)
        let foreign = Failure(SyncFailure(.foreignOrganization(expected: "org_1", found: "org_2")), stop: nil)
        #expect(foreign.status == .damaged && foreign.kind == .wrongOrganization)
        #expect(foreign.text.contains("org_1") && foreign.text.contains("org_2"))
        #expect(Failure(SyncFailure(.cancelled), stop: nil).status == .bug)
        #expect(Failure.bug("x").text.contains("report it"))
    }

    @Test("say 78 for settings, with what is wrong as a headline or as a list")
    func settings() {
        let one = SettingProblem.wrong(
            SettingTable.limits.pageSize.setting, value: "0", .flag("--page-size"), "has to be more")
        let two = SettingProblem.missing(SettingTable.common.archive.setting, "give it")
        #expect(
            Failure(SettingsError(problems: [one])).text
                == "error: page_size cannot be \"0\" (flag --page-size)\n  It has to be more.\n")
        #expect(
            Failure(SettingsError(problems: [one, two])).text
                == """
                error: 2 settings are wrong or missing
                  page_size cannot be "0" (flag --page-size): it has to be more
                  archive is missing: give it

                """)
        #expect(Failure(SettingsError(problems: [one, two])).status == .settings)
        let object = Failure(SettingsError(problems: [one])).object.text
        #expect(object.contains(#""setting": "page_size", "source": "flag --page-size""#))
    }

    @Test("have the kinds that scripts rely on")
    func kinds() {
        #expect(
            Failure.Kind.allCases.map(\.rawValue) == [
                "usage", "damaged", "wrong_organization", "unknown_version", "no_archive", "unreachable", "resources",
                "not_writable", "io", "locked", "rate_limited", "max_duration", "moved_pages", "unusable",
                "unauthorized", "forbidden", "firewall", "setting", "interrupted", "bug"
            ])
    }
}
