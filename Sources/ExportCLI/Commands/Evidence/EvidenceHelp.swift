/// The longer texts of the help of these commands.
enum EvidenceHelp {
    static let overview = """
        Every commit writes what it did into evidence/log, and the manifest names the log's head. With signing_key_file \
        each commit signs that head. `verify` checks all of it, on a copy too, without the network.

        EXAMPLES
          captivateiq-export evidence keygen --output /etc/captivateiq-export/signing-key.pem
          captivateiq-export evidence sign --archive /srv/audit --signing-key-file /etc/captivateiq-export/signing-key.pem
          captivateiq-export evidence anchor --archive /srv/audit >head.checkpoint
          captivateiq-export verify --archive /srv/audit --public-key key.pub.pem --anchor head.checkpoint
          captivateiq-export evidence hold --archive /srv/audit --name 'case 12' --from 2025-01-01 --to 2025-03-31 \
        --reason 'asked for by counsel'
          captivateiq-export evidence erase --archive /srv/audit --id 4f1c9d --reason 'request 17'
          captivateiq-export evidence prove 4f1c9d --archive /srv/audit
        """

    static let sign = """
        Signs what runs without the key have left unsigned. The first time, it says in the log which key signs from here \
        on. It refuses a log that is not the one that the key has signed before (65); --adopt goes on from it all the \
        same, and says so in it.

        --rotate-to FILE has another key sign from now on: the head with which that begins is signed by both. Without the \
        old key, which is lost, --without-old-key says so in the log.

        EXAMPLES
          captivateiq-export evidence sign --archive /srv/audit --signing-key-file /etc/captivateiq-export/signing-key.pem
          captivateiq-export evidence sign --archive /srv/audit --signing-key-file old.pem --rotate-to new.pem
        """

    static let anchor = """
        Prints the head of the log, and keeps it in evidence/anchors. Whoever keeps such a head elsewhere can prove with \
        `verify --anchor` that nothing before it was changed or cut. With --rfc3161 an authority stamps it with the time; \
        `openssl ts -verify` checks that.

        EXAMPLES
          captivateiq-export evidence anchor --archive /srv/audit >head.checkpoint
          captivateiq-export evidence anchor --archive /srv/audit --rfc3161 https://tsa.example.com/tsr
        """

    static let erase = """
        Takes the event of this id out of the archive, and records of that id out of the quarantine. The line goes, its \
        hash stays, so that it can be proven that just one event went. No sync brings it back. Refused (73) while a hold \
        covers its day; 1 if there is no such event.

        EXAMPLES
          captivateiq-export evidence erase --archive /srv/audit --id 4f1c9d --reason 'request 17'
        """

    static let prove = """
        Prints a JSON object that proves, with the public key alone, that an event is one that was archived: its line in \
        base64, the entry that added it, and the hashes from the line to the entry's root and from the entry to the \
        signed head. 1 if there is no such event.

        EXAMPLES
          captivateiq-export evidence prove 4f1c9d --archive /srv/audit >proof.json
        """

    static let keygen = """
        Writes an Ed25519 key (PKCS#8 in PEM) that only its owner may read, and prints the fingerprint of its public \
        key. Give the fingerprint to the auditor; keep the key outside the archive, and set signing_key_file to it.

        EXAMPLES
          captivateiq-export evidence keygen --output /etc/captivateiq-export/signing-key.pem
        """

    static let log = """
        One line an operation, as the log has it: what was added, merged, pruned, erased, held, compared and signed, \
        and when. Needs no network and no token.

        EXAMPLES
          captivateiq-export evidence log --archive /srv/audit
        """

    static let hold = """
        While a hold covers a day, prune passes over it and erase is refused. It stands in the manifest and in the log. \
        A name that another hold has is refused (64): nothing but a release ends a hold.

        EXAMPLES
          captivateiq-export evidence hold --archive /srv/audit --name 'case 12' --from 2025-01-01 --to 2025-03-31 \
        --reason 'asked for by counsel'
        """

    static let release = """
        The days of the hold can be pruned and erased from again. The log keeps both the hold and its end.

        EXAMPLES
          captivateiq-export evidence release --archive /srv/audit --name 'case 12' --reason 'case closed'
        """
}
