"""How administrators keep the clinic's registers: entries are added, corrected, looked up and removed."""

from locust import tag, task

from api.endpoints import (
    BLOOD_TYPES,
    CATALOGS,
    CREATE_ACCESS_CODE,
    CREATE_FILE,
    CREATE_INSURER,
    CREATE_NOTIFICATION,
    CREATE_POLICY,
    DELETE_ACCESS_CODE,
    DELETE_ASSOCIATION,
    DELETE_FILE,
    DELETE_INSURER,
    DELETE_NOTIFICATION,
    DELETE_POLICY,
    GET_INSURER,
    GET_POLICY,
    LIST_ACCESS_CODES,
    LIST_ASSOCIATIONS,
    LIST_FILES,
    LIST_INSURERS,
    LIST_NOTIFICATIONS,
    LIST_PATIENTS,
    LIST_POLICIES,
    UPDATE_ACCESS_CODE,
    UPDATE_FILE,
    UPDATE_INSURER,
    UPDATE_NOTIFICATION,
    UPDATE_POLICY,
)
from tasks.coverage import variants
from tasks.journey import journey
from tasks.list_checks import no_row, row_with
from tasks.role_tasks import RoleTasks


class RegisterTasks(RoleTasks):
    def on_start(self) -> None:
        super().on_start()
        self.catalogs_to_keep = self.deck(CATALOGS)

    @tag("write")
    @task(1)
    @variants(len(CATALOGS))
    @journey
    def keep_a_catalog(self) -> None:
        """A new entry is added to one of the catalogs, corrected, looked up, and removed when nobody uses it."""
        catalog = self.catalogs_to_keep.draw()
        new_entry = self.user.payloads.blood_type if catalog is BLOOD_TYPES else self.user.payloads.catalog_entry
        self.call(catalog.list_entries)
        entry = self.then_create(catalog.create_entry, new_entry(), undo=catalog.delete_entry)
        corrected = new_entry()
        self.then(catalog.update_entry, corrected, id=entry.id)
        self.then(catalog.get_entry, id=entry.id)
        self.then(
            catalog.list_entries, accept=row_with(id=entry.id, **corrected), search=next(iter(corrected.values()))
        )
        self.then_remove(catalog.delete_entry, id=entry.id)

    @tag("write")
    @task(1)
    @journey
    def keep_the_insurers(self) -> None:
        """A contract with an insurer is entered, corrected, and ended."""
        self.call(LIST_INSURERS)
        insurer = self.then_create(CREATE_INSURER, self.user.payloads.insurer(), undo=DELETE_INSURER)
        self.then(UPDATE_INSURER, self.user.payloads.insurer(), id=insurer.id)
        self.then(GET_INSURER, id=insurer.id)
        self.then_remove(DELETE_INSURER, id=insurer.id)

    @tag("write")
    @task(1)
    @journey
    def keep_the_policies(self) -> None:
        """A patient's new policy is entered, corrected and, being a trial, taken back."""
        self.call(LIST_POLICIES)
        ids = (self.any_lasting(LIST_PATIENTS).id, self.any_lasting(LIST_INSURERS).id)
        policy = self.then_create(CREATE_POLICY, self.user.payloads.policy(*ids), undo=DELETE_POLICY)
        corrected = self.user.payloads.policy(*ids)
        self.then(UPDATE_POLICY, corrected, id=policy.id)
        self.then(GET_POLICY, id=policy.id)
        number = corrected["numero_poliza"]
        self.then(LIST_POLICIES, accept=row_with(id=policy.id), search=number)
        self.then_remove(DELETE_POLICY, id=policy.id)

    @tag("write")
    @task(1)
    @journey
    def keep_the_files(self) -> None:
        """A file is uploaded for a patient, replaced, untied from the record and deleted."""
        self.call(LIST_FILES)
        patient = self.any_lasting(LIST_PATIENTS)
        file = self.then_create(CREATE_FILE, self.user.payloads.study(patient.id), undo=DELETE_FILE)
        replacement = self.user.payloads.study(patient.id)
        self.then(UPDATE_FILE, {key: replacement[key] for key in ("tipo", "url", "hash_integridad")}, id=file.id)
        tie = self.then(LIST_ASSOCIATIONS, accept=row_with(entidad_id=patient.id), archivo_id=file.id)
        self.then(DELETE_ASSOCIATION, id=tie.id)
        self.then_remove(DELETE_FILE, id=file.id)

    @tag("write")
    @task(1)
    @journey
    def keep_the_notifications(self) -> None:
        """A message is put down, sent, and removed from the list of what went out."""
        self.call(LIST_NOTIFICATIONS)
        patient = self.any_lasting(LIST_PATIENTS)
        message = self.user.payloads.notification(patient.usuario_id)
        notification = self.then_create(CREATE_NOTIFICATION, message, undo=DELETE_NOTIFICATION)
        sent = self.user.payloads.notification(patient.usuario_id, sent=True)
        self.then(UPDATE_NOTIFICATION, sent, id=notification.id)
        self.then_remove(DELETE_NOTIFICATION, id=notification.id)

    @tag("write")
    @task(1)
    @journey
    def keep_the_access_codes(self) -> None:
        """A patient gets a new code; it is used up and struck off the list."""
        self.call(LIST_ACCESS_CODES)
        patient = self.any_lasting(LIST_PATIENTS)
        code = self.user.payloads.access_code(patient.usuario_id)
        issued = self.then_create(CREATE_ACCESS_CODE, code, undo=DELETE_ACCESS_CODE)
        used = self.user.payloads.access_code(patient.usuario_id, used=True)
        self.then(UPDATE_ACCESS_CODE, used, id=issued.id)
        self.then_remove(DELETE_ACCESS_CODE, id=issued.id)
        self.then(LIST_ACCESS_CODES, accept=no_row(id=issued.id))
