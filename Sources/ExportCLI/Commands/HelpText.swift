/// The longer parts of the help.
enum HelpText {
    /// What the program is for, how to begin, where settings come from, and what the exit codes mean.
    static let overview = """
        Run sync from cron or a timer: it fetches what is new, commits it as gzipped NDJSON, a folder a day, and \
        loses nothing when it is stopped at any moment.

        EXAMPLES
          export CAPTIVATEIQ_API_TOKEN=…
          captivateiq-export sync --archive /srv/audit --backfill-start-time 2025-01-01
          captivateiq-export verify --archive /srv/audit
          captivateiq-export status --archive /srv/audit
          captivateiq-export reconcile --archive /srv/audit --repair
          15 * * * *  captivateiq-export sync --config /etc/captivateiq.yaml --quiet

        \(settings)

        EXIT CODES
        \(exitCodes)
        """

    /// What sync does, for its own help.
    static let sync = """
        The first sync begins at backfill_start_time, or now without it. Every further one fetches what is new and \
        looks back a day for events that surfaced late. Nothing is fetched twice into the archive.

        EXAMPLES
          captivateiq-export sync --archive /srv/audit --backfill-start-time 2025-01-01
          captivateiq-export sync --config /etc/captivateiq.yaml --json

        THE TOKEN
        \(tokenLines)

        \(settings)
        """

    /// What verify does, for its own help.
    static let verify = """
        Checks sizes, checksums, gzip, lines, order, dates, unique ids, and stray or missing files, and lists every \
        fault. Needs no network and no token, changes nothing, and works on a copy. Exit code 65 with faults.

        EXAMPLE
          captivateiq-export verify --archive /mnt/backup/audit --json
        """

    /// What status does, for its own help.
    static let status = """
        The range covered, the newest event and its age, events and bytes, what is still to be fetched, and a line a \
        day for the last 14 days. Reads the manifest alone; needs no network and no token.

        EXAMPLE
          captivateiq-export status --archive /srv/audit --json | jq .age_seconds
        """

    /// What reconcile does, for its own help.
    static let reconcile = """
        Asks the API how many events the closed days have, compares with the archive, and reads the days again where \
        the numbers differ, to tell by id which events are missing here and which are gone there. Days that are still \
        to be fetched are left to sync. The results go into the manifest. Exit code 0 only if everything agrees, 65 \
        with differences that are left.

        With --repair the missing events are archived. What is gone there stays in the archive.

        EXAMPLES
          captivateiq-export reconcile --archive /srv/audit
          captivateiq-export reconcile --archive /srv/audit --from 2025-02-01 --to 2025-02-28 --repair --json

        THE TOKEN
        \(tokenLines)

        \(settings)
        """

    /// What rebuild does, for its own help.
    static let rebuild = """
        Makes manifest.json anew from the data files alone, in one step, and refuses where a file is damaged, does not \
        belong there or holds an event twice: then it lists them all, changes nothing and ends with 65. What the files \
        cannot tell comes from the old manifest or the last commit's notes; without either the next sync fetches the \
        archive's range again and archives nothing twice. Needs no network and no token.

        EXAMPLE
          captivateiq-export rebuild --archive /srv/audit
        """

    private static let settings = """
        SETTINGS
          A setting is one name in four places, and the first that has it wins: the flag --page-size, the \
        environment variable CAPTIVATEIQ_PAGE_SIZE, the key page_size of the configuration file (--config FILE), \
        the default.
        """

    private static let tokenLines = """
          \(Setting.apiToken.environmentName), or api_token in the configuration file, or a file named by \
        api_token_file, or systemd's $CREDENTIALS_DIRECTORY/api_token. Never a flag: anybody on a machine can read \
        its command lines.
        """

    private static let exitCodes = ExitStatus.allCases.map { status in
        let code = "\(status.rawValue)"
        return "  \(code)\(String(repeating: " ", count: 5 - code.count))\(status.meaning)"
    }.joined(separator: "\n")
}
