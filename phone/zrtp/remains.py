"""What is kept of an exchange once its stream is secure (RFC 6189 §4.7.2, §5.13, §7.3)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from phone.secret import Secret
from phone.zrtp import sasrelay
from phone.zrtp.agreement import Agreement
from phone.zrtp.algorithms import SAS_TYPES
from phone.zrtp.events import SasRelayed, Secured
from phone.zrtp.keys import ConfirmKeys, Exporter
from phone.zrtp.messages import GoClear, Hello, SASrelay
from phone.zrtp.sasrelay import NO_SAS_HASH
from phone.zrtp.zsa.proof import Binding


@dataclass(frozen=True, slots=True)
class Remains:
    """No key of the exchange itself, unless the peer is a PBX."""

    exporter: Exporter
    _clear_mac: bytes = field(repr=False)
    """What a GoClear of the peer must have."""
    _relay_keys: ConfirmKeys | None
    """Those of the peer, if it may relay a SAS."""
    _trusted: bool
    """Whether a SAS that it relays is to be shown."""
    pbx_secret: Secret | None
    """What an enrolment would store, if the peer has asked for it."""
    binding: Binding | None
    """What a proof of the account's secret is bound to.

    ``None`` where we have nothing to prove, and after an exchange without Diffie-Hellman.
    """

    @classmethod
    def of(
        cls, agreement: Agreement, peer: Hello, told: Secured, pbx_secret: Secret, binding: Binding | None
    ) -> Remains:
        """Keep of ``agreement`` what may yet be needed."""
        return cls(
            agreement.schedule.exporter(),
            agreement.peer.mac(GoClear.TYPE),
            agreement.peer if peer.mitm else None,
            told.trusted_mitm,
            pbx_secret if told.enrollment_offered else None,
            binding,
        )

    def is_clear_request(self, message: GoClear) -> bool:
        """Tell whether the peer wrote ``message`` (§4.7.2)."""
        return hmac.compare_digest(self._clear_mac, message.clear_mac)

    def relayed(self, message: SASrelay) -> SasRelayed | None:
        """Return the SAS that a trusted PBX shows; ``None``: there is nothing to show (§5.13, §7.3).

        Raise ``MessageError`` or ``ProtocolError`` for a message that the PBX did not write.
        """
        if self._relay_keys is None:
            return None
        relayed = sasrelay.unseal(message, self._relay_keys)
        sas_type = next((row for row in SAS_TYPES if row.code == relayed.scheme), None)
        if not self._trusted or sas_type is None or relayed.sas_hash == NO_SAS_HASH:
            return None
        return SasRelayed(sas_type.render(relayed.sas_hash), relayed.sas_verified, relayed.disclosure)
