import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `SHIP_COPIES` sets how many copies are made while syncs, compactions and prunes go on, and how many are killed.
    @Suite struct ShipTests {
        private static let copies =
            ProcessInfo.processInfo.environment["SHIP_COPIES"].flatMap { Int($0) }.map { max(1, $0) } ?? 20
        private static let kills = ProcessInfo.processInfo.environment["SHIP_COPIES"] == nil ? 6 : copies

        private static let ship = "\(Places.repository)/scripts/ship"

        /// Runs `body` with an archive of which the log is signed, and a remote shell by which `localhost:` is reached.
        private func withArchive(_ body: (Bench, SSHServer) async throws -> Void) async throws {
            try await Bench.with("--events", "600", "--days", "10", "--odd", "no-id:0.01") { bench in
                let server = try await SSHServer.start(in: bench.directory)
                do {
                    let key = try await bench.runner.run(
                        Places.exporter, "evidence", "keygen", "--output", "\(bench.directory)/signing.pem")
                    #expect(key.exitCode == 0, "\(key.everything)")
                    try await syncSigned(bench)
                    try await body(bench, server)
                } catch {
                    await server.stop()
                    throw error
                }
                await server.stop()
            }
        }

        private func syncSigned(_ bench: Bench) async throws {
            try await bench.syncWell("--lookback", "1h", "--signing-key-file", "\(bench.directory)/signing.pem")
        }

        @Test func everyCopyMadeMeanwhileVerifies() async throws {
            try await withArchive { bench, server in
                var generations: Set<String> = []
                for number in 1...Self.copies {
                    let copy = number.isMultiple(of: 2) ? "one" : "new/copy-\(number)"
                    async let change: Void = change(bench, round: number)
                    generations.insert(try await ship(bench, server, to: "\(bench.directory)/\(copy)"))
                    try await change
                }
                #expect(generations.count > 1, "no commit came between the copies")
                let last = try await ship(bench, server, to: "\(bench.directory)/one")
                #expect(last == (try await bench.bash("jq .generation manifest.json")).text)
                // What was compacted or pruned is gone there as well.
                let list = "cd \(bench.directory) && diff <(cd archive && find audit_logs quarantine evidence | sort) "
                let difference = try await bench.bash(
                    list + "<(cd one && find audit_logs quarantine evidence ! -name anchors | sort)")
                #expect(difference.exitCode == 0, "\(difference.everything)")
                let links = try await bench.bash("cmp evidence/checkpoint ../one/evidence/checkpoint")
                #expect(links.exitCode == 0, "\(links.everything)")
            }
        }

        private func change(_ bench: Bench, round: Int) async throws {
            try await bench.simulator.arrive(50, ties: 2, lateHours: 20)
            try await syncSigned(bench)
            let command = round % 4 == 3 ? ["prune", "--keep", "\(10 - round % 5)d"] : ["compact"]
            let outcome = try await bench.runner.run([Places.exporter] + command + ["--archive", bench.archive])
            #expect(outcome.exitCode == 0, "\(outcome.everything)")
        }

        /// Ships over ssh, and gives the generation of the copy. New copies are made from a file system that can have no links to
        /// the archive's files.
        private func ship(_ bench: Bench, _ server: SSHServer, to copy: String) async throws -> String {
            let folder = copy.contains("/new/") ? "/dev/shm" : bench.directory
            let outcome = try await bench.runner.run(
                "env", "TMPDIR=\(folder)", "RSYNC_RSH=\(server.shell)", Self.ship, bench.archive, "localhost:\(copy)")
            #expect(outcome.exitCode == 0, "\(outcome.everything)")
            try await expectSound(bench, copy)
            // Nothing of the archive's own private folder: what is there is for files on their way.
            let left = try? FileManager.default.subpathsOfDirectory(atPath: "\(copy)/.captivateiq-export")
            #expect(left == ["incoming"])
            return try await bench.runner.run("jq", ".generation", "\(copy)/manifest.json").text
        }

        private func expectSound(_ bench: Bench, _ copy: String, _ note: String = "") async throws {
            let verification = try await bench.verify(archive: copy)
            #expect(verification.exitCode == 0, "\(note) \(verification.everything)")
        }

        /// Runs a command in a session of its own, and kills all of it after some seconds.
        private static let killing = """
            import os, signal, subprocess, sys
            process = subprocess.Popen(sys.argv[2:], start_new_session=True)
            try:
                sys.exit(process.wait(timeout=float(sys.argv[1])))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                sys.exit(137)
            """

        /// Each ship is killed with all that it runs, at a random moment of a copy of a sync and a compaction.
        @Test func whatAKilledCopyLeavesIsNoDamage() async throws {
            let seed = UInt64.random(in: 0...UInt64.max)
            print("ShipTests: seed \(seed)")
            var random = SeededRandom(seed: seed)
            try await withArchive { bench, server in
                let copy = "\(bench.directory)/copy"
                let begin = ContinuousClock.now
                _ = try await ship(bench, server, to: copy)
                let whole = begin.duration(to: .now)
                var killed = 0
                for moment in 1...Self.kills {
                    try await change(bench, round: moment)
                    let seconds = whole / .seconds(1) * Double.random(in: 0...1, using: &random)
                    let outcome = try await bench.runner.run(
                        "env", "RSYNC_RSH=\(server.shell)", "python3", "-c", Self.killing, "\(seconds)", Self.ship,
                        bench.archive, "localhost:\(copy)")
                    killed += outcome.exitCode == 137 ? 1 : 0
                    #expect([0, 137].contains(outcome.exitCode), "seed \(seed): \(outcome.everything)")
                    try await expectSound(bench, copy, "seed \(seed), copy \(moment), killed after \(seconds) s:")
                }
                print("ShipTests: \(killed) of \(Self.kills) copies were killed")
                #expect(killed * 4 >= Self.kills, "seed \(seed): most copies were over before they were killed")
                _ = try await ship(bench, server, to: copy)
                let difference = try await bench.bash(
                    "diff <(find audit_logs quarantine | sort) <(cd ../copy && find audit_logs quarantine | sort)")
                #expect(difference.exitCode == 0, "seed \(seed): \(difference.everything)")
            }
        }

        /// What rsync moves, by its own figures: file data that the other end did not have.
        @Test func movesWhatIsNewAndNoMore() async throws {
            try await withArchive { bench, server in
                let copy = "\(bench.directory)/copy"
                let meter = #"""
                    mkdir -p ../bin && printf '%s\n' '#!/bin/bash' \
                        '"$REAL" --stats "$@" | tee -a "$FIGURES" | grep -vE "^[A-Z][^:]*: |^$|^sent|^total"' \
                        'exit "${PIPESTATUS[0]}"' >../bin/rsync
                    chmod +x ../bin/rsync
                    export REAL=$(command -v rsync) FIGURES=$PWD/../figures PATH=$PWD/../bin:$PATH
                    : >"$FIGURES"

                    """#
                let moved = #"""
                    awk '/^Literal data/ { gsub(",", ""); sum += $3 } END { print sum + 0 }' "$FIGURES"

                    """#
                let shipping = "RSYNC_RSH='\(server.shell)' \(Self.ship) . localhost:\(copy)\n"
                _ = try await ship(bench, server, to: copy)
                let again = try await bench.bash(meter + shipping + moved)
                #expect(again.text == "0\n", "an unchanged archive moves no data: \(again.everything)")
                try await bench.simulator.arrive(50)
                try await syncSigned(bench)
                let size = "jq '[.files[] | select(.generation == 3) | .size] | add' manifest.json\n"
                let more = try await bench.bash(meter + shipping + moved + size)
                let figures = more.text.split(separator: "\n").compactMap { Int($0) }
                try #require(figures.count == 2, "\(more.everything)")
                // The new files, and what is new in the manifest and the log, in blocks of 700 bytes.
                #expect(figures[0] >= figures[1] && figures[0] <= figures[1] + 12_000, "\(more.everything)")
                try await expectSound(bench, copy)
            }
        }

        @Test func finalDaysTravelOnceAndAreSentAgainOnDemand() async throws {
            try await Bench.with("--events", "300", "--days", "6") { bench in
                try await bench.syncWell("--lookback", "1h")
                let ship = "\(Places.repository)/scripts/ship"
                let first = try await bench.bash(
                    "\(ship) --closed . ../closed && find ../closed/audit_logs -name '*.gz' | sort")
                #expect(first.exitCode == 0 && !first.text.isEmpty, "\(first.everything)")
                let day = try #require(first.text.split(separator: "/").first { $0.hasPrefix("date=") }?.dropFirst(5))
                // As a repair of that day leaves it, and a compaction after it.
                let folder = "audit_logs/date=\(day)"
                let repair = """
                    cp manifest.json ../before.json
                    old=$(ls \(folder)) && new=${old/000002/000009}
                    cp \(folder)/$old \(folder)/$new
                    jq --arg day \(day) --arg new \(folder)/$new '.files += [.files[] | select(.date == $day)
                        | .path = $new | .generation = 9]' ../before.json >manifest.json

                    """
                let compaction = """
                    rm \(folder)/*-000002-*
                    sed 's|\(day)-000002-|\(day)-000009-|' ../before.json >manifest.json

                    """
                for change in [repair, compaction] {
                    let changed = try await bench.bash(change + "\(ship) --closed . ../closed")
                    #expect(changed.exitCode == 75 && changed.errors.contains("\(day)"), "\(changed.everything)")
                    let same = try await bench.bash("find ../closed/audit_logs -name '*.gz' | sort")
                    #expect(same.text == first.text)
                }
                // A list of what was sent that cannot be read is not one of nothing.
                let unreadable = """
                    mkdir ../bin && cat >../bin/rsync <<'END' && chmod +x ../bin/rsync
                    #!/bin/sh
                    case "$*" in *captivateiq-export/shipped\\ *) exit 12 ;; esac
                    exec "$RSYNC" "$@"
                    END
                    RSYNC=$(command -v rsync) PATH=$(realpath ../bin):$PATH \(ship) --closed . ../closed
                    """
                let refused = try await bench.bash(unreadable)
                #expect(refused.exitCode == 1 && refused.errors.contains("could not be read"), "\(refused.everything)")
                #expect(try await bench.bash("find ../closed/audit_logs -name '*.gz' | sort").text == first.text)
                let resent = try await bench.bash(
                    "\(ship) --closed --resend \(day) . ../closed && ls ../closed/audit_logs/date=\(day)")
                #expect(resent.exitCode == 0 && resent.text.contains("000009"), "\(resent.everything)")
                #expect(resent.text.split(separator: "\n").count == 1)
                #expect(try await bench.bash("\(ship) --closed . ../closed").exitCode == 0)
            }
        }

        @Test func aDayOfWhichSomethingIsStillToBeFetchedIsNotFinal() async throws {
            try await Bench.with("--events", "300", "--days", "6") { bench in
                try await bench.syncWell("--lookback", "1h")
                let day = try await bench.bash("jq -rj '.files[1].date' manifest.json").text
                let before = try await bench.bash("jq -rj '.files[0].date' manifest.json").text
                // As a start that was moved back leaves it: up to an hour of that day, and up to its first moment.
                for (end, isFinal) in [("T02:00:00.000000Z", false), ("T00:00:00.000000Z", true)] {
                    let ship = """
                        cp manifest.json ../before.json
                        jq '.pending = [{"from": "\(before)T01:00:00.000000Z", "to": "\(day)\(end)"}]' ../before.json >manifest.json
                        rm -rf ../closed
                        \(Places.repository)/scripts/ship --closed . ../closed
                        code=$? && cp ../before.json manifest.json
                        ls ../closed/audit_logs && exit $code
                        """
                    let outcome = try await bench.bash(ship)
                    #expect(outcome.exitCode == 0 && !outcome.text.contains("date=\(before)"), "\(outcome.everything)")
                    #expect(outcome.text.contains("date=\(day)") == isFinal, "\(outcome.everything)")
                }
            }
        }

        @Test func takesAFolderWithAColonForAFolder() async throws {
            try await Bench.with("--events", "50", "--days", "3") { bench in
                try await bench.syncWell()
                let outcome = try await bench.bash(
                    "cd .. && mv archive arch:ive && \(Places.repository)/scripts/ship arch:ive copy && mv arch:ive archive"
                )
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(try await bench.verify(archive: "\(bench.directory)/copy").exitCode == 0)
            }
        }

        @Test func refusesWhatIsNoArchive() async throws {
            try await withTemporaryDirectory { directory in
                let runner = CommandRunner(directory: directory, environment: Places.environment)
                let empty = try await runner.run("\(Places.repository)/scripts/ship", directory, "\(directory)/copy")
                #expect(empty.exitCode == 1 && empty.errors.contains("manifest.json"), "\(empty.everything)")
                for arguments in [
                    [directory], ["--resend", "2025-01-01", "a", "b"], ["--to", "ftp://x", "a"], ["--far"]
                ] {
                    let usage = try await runner.run(["\(Places.repository)/scripts/ship"] + arguments)
                    #expect(usage.exitCode == 64 && usage.errors.contains("usage:"), "\(usage.everything)")
                }
            }
        }
    }
}
