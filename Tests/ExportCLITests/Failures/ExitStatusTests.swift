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
        #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 64, 65, 66, 69, 70, 73, 74, 75, 76, 77, 78, 129, 130, 143])
    }

    @Test(
        "follow from the archive's errors",
        arguments: [
            (ArchiveError.Kind.damaged, Int32(65)), (.absent, 66), (.notWritable, 73), (.inputOutput, 74), (.locked, 75)
        ])
    func archive(kind: ArchiveError.Kind, code: Int32) {
        let error = ArchiveError(kind, "It broke", at: "/srv/audit", advice: "Mend it.")
        let failure = Failure(error)
        #expect(failure.status.rawValue == code)
        #expect(failure.text == "error: It broke (/srv/audit)\n  Mend it.\n")
        #expect(Failure(SyncFailure(.archive(error)), stop: nil) == failure)
    }

    @Test(
        "follow from the API's errors",
        arguments: [
            (APIError.Kind.unreachable, Int32(69)), (.unusable, 76), (.unauthorized, 77), (.rateLimited, 75)
        ])
    func api(kind: APIError.Kind, code: Int32) {
        let error = APIError(kind: kind, summary: "no answer", url: "https://api.test/x", hint: "Wait.")
        let failure = Failure(error)
        #expect(failure.status.rawValue == code)
        #expect(failure.text == "error: no answer (https://api.test/x)\n  Wait.\n")
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

    @Test("say 75 for pages that do not add up, 65 for another organization, 70 for what cannot be")
    func others() {
        #expect(Failure(SyncFailure(.incomplete("2025-01-01")), stop: nil).status == .stopped)
        let foreign = Failure(SyncFailure(.foreignOrganization(expected: "org_1", found: "org_2")), stop: nil)
        #expect(foreign.status == .damaged)
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
    }
}
