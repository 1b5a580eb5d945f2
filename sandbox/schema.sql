-- The clinic's tables. Names are the wire's names, because PostgreSQL's error details quote them.
-- Times are text, "YYYY-MM-DDTHH:MM:SS.mmmZ", so that comparing text compares time; amounts are text with two decimals.
-- consulta comes last on purpose: SQLite acts on the youngest reference first, so its RESTRICT is asked
-- before the cascades of cita and episodio could remove the consultation that must refuse the deletion.

CREATE TABLE rol (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL UNIQUE);

CREATE TABLE especialidad (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL);
CREATE TABLE tipo_sangre (id INTEGER PRIMARY KEY, tipo TEXT NOT NULL);
CREATE TABLE ocupacion (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL);
CREATE TABLE estado_civil (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL);
CREATE TABLE estado_cita (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL);
CREATE TABLE tipo_cita (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL);
CREATE TABLE estado_consulta (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL);
CREATE TABLE estado_codigo (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL);

CREATE TABLE pais (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL);
CREATE TABLE estado (
    id INTEGER PRIMARY KEY,
    nombre TEXT NOT NULL,
    id_pais INTEGER NOT NULL REFERENCES pais (id)
);
CREATE TABLE ciudad (
    id INTEGER PRIMARY KEY,
    nombre TEXT NOT NULL,
    id_estado INTEGER NOT NULL REFERENCES estado (id)
);
CREATE TABLE colonia (
    id INTEGER PRIMARY KEY,
    nombre TEXT NOT NULL,
    codigo_postal TEXT NOT NULL,
    id_ciudad INTEGER NOT NULL REFERENCES ciudad (id)
);

CREATE TABLE usuario (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    correo TEXT NOT NULL UNIQUE,
    telefono TEXT,
    password TEXT NOT NULL,
    rol_id INTEGER REFERENCES rol (id)
);

CREATE TABLE medico (
    id INTEGER PRIMARY KEY,
    usuario_id INTEGER NOT NULL UNIQUE REFERENCES usuario (id) ON DELETE CASCADE,
    nombre TEXT NOT NULL,
    cedula TEXT NOT NULL,
    descripcion TEXT,
    id_especialidad INTEGER REFERENCES especialidad (id) ON DELETE SET NULL,
    telefono TEXT,
    correo TEXT UNIQUE,
    ubicacion TEXT,
    foto_perfil TEXT
);
CREATE INDEX medico_especialidad ON medico (id_especialidad);

CREATE TABLE paciente (
    id INTEGER PRIMARY KEY,
    usuario_id INTEGER NOT NULL UNIQUE REFERENCES usuario (id) ON DELETE CASCADE,
    nombre TEXT NOT NULL,
    fecha_nacimiento TEXT,
    sexo TEXT,
    altura TEXT,
    peso TEXT,
    estilo_vida TEXT,
    alergias TEXT,
    id_tipo_sangre INTEGER REFERENCES tipo_sangre (id) ON DELETE SET NULL,
    id_ocupacion INTEGER REFERENCES ocupacion (id) ON DELETE SET NULL,
    id_estado_civil INTEGER REFERENCES estado_civil (id) ON DELETE SET NULL,
    id_medico_gen INTEGER REFERENCES medico (id) ON DELETE SET NULL,
    telefono TEXT,
    correo TEXT UNIQUE,
    direccion TEXT,
    nss TEXT,
    foto_perfil TEXT
);
CREATE INDEX paciente_medico ON paciente (id_medico_gen);
CREATE INDEX paciente_tipo_sangre ON paciente (id_tipo_sangre);
CREATE INDEX paciente_ocupacion ON paciente (id_ocupacion);
CREATE INDEX paciente_estado_civil ON paciente (id_estado_civil);

CREATE TABLE direccion (
    id INTEGER PRIMARY KEY,
    id_paciente INTEGER NOT NULL REFERENCES paciente (id) ON DELETE CASCADE,
    calle TEXT NOT NULL,
    numero_ext TEXT,
    numero_int TEXT,
    id_colonia INTEGER NOT NULL REFERENCES colonia (id)
);
CREATE INDEX direccion_paciente ON direccion (id_paciente);

CREATE TABLE cita (
    id INTEGER PRIMARY KEY,
    paciente_id INTEGER NOT NULL REFERENCES paciente (id) ON DELETE CASCADE,
    medico_id INTEGER NOT NULL REFERENCES medico (id) ON DELETE CASCADE,
    fecha_inicio TEXT NOT NULL,
    fecha_fin TEXT,
    id_estado_cita INTEGER REFERENCES estado_cita (id) ON DELETE SET NULL,
    id_tipo_cita INTEGER REFERENCES tipo_cita (id) ON DELETE SET NULL
);
CREATE INDEX cita_inicio ON cita (fecha_inicio);
CREATE INDEX cita_paciente ON cita (paciente_id, fecha_inicio);
CREATE INDEX cita_medico ON cita (medico_id, fecha_inicio);
CREATE INDEX cita_estado ON cita (id_estado_cita, fecha_inicio);
CREATE INDEX cita_tipo ON cita (id_tipo_cita, fecha_inicio);

CREATE TABLE episodio (
    id INTEGER PRIMARY KEY,
    id_paciente INTEGER NOT NULL REFERENCES paciente (id) ON DELETE CASCADE,
    fecha_inicio TEXT NOT NULL,
    fecha_fin TEXT,
    motivo TEXT
);
CREATE INDEX episodio_inicio ON episodio (fecha_inicio);
CREATE INDEX episodio_paciente ON episodio (id_paciente, fecha_inicio);

CREATE TABLE archivo (
    id INTEGER PRIMARY KEY,
    tipo TEXT NOT NULL,
    url TEXT NOT NULL,
    hash_integridad TEXT,
    creado_en TEXT NOT NULL
);
CREATE INDEX archivo_creado ON archivo (creado_en);

CREATE TABLE archivo_asociacion (
    id INTEGER PRIMARY KEY,
    archivo_id INTEGER NOT NULL REFERENCES archivo (id) ON DELETE CASCADE,
    entidad TEXT NOT NULL,
    entidad_id INTEGER,
    descripcion TEXT,
    autor_id INTEGER REFERENCES usuario (id) ON DELETE SET NULL,
    fecha_creacion TEXT NOT NULL
);
CREATE INDEX asociacion_archivo ON archivo_asociacion (archivo_id);
CREATE INDEX asociacion_autor ON archivo_asociacion (autor_id);

CREATE TABLE aseguradora (
    id INTEGER PRIMARY KEY,
    nombre TEXT NOT NULL,
    rfc TEXT,
    telefono TEXT,
    correo TEXT
);

CREATE TABLE poliza (
    id INTEGER PRIMARY KEY,
    id_paciente INTEGER NOT NULL REFERENCES paciente (id) ON DELETE CASCADE,
    id_aseguradora INTEGER REFERENCES aseguradora (id) ON DELETE SET NULL,
    numero_poliza TEXT NOT NULL,
    vigente_desde TEXT,
    vigente_hasta TEXT
);
CREATE INDEX poliza_paciente ON poliza (id_paciente);
CREATE INDEX poliza_aseguradora ON poliza (id_aseguradora);

CREATE TABLE notificacion (
    id INTEGER PRIMARY KEY,
    id_usuario INTEGER REFERENCES usuario (id) ON DELETE CASCADE,
    id_cita INTEGER REFERENCES cita (id) ON DELETE SET NULL,
    mensaje TEXT NOT NULL,
    canal TEXT NOT NULL,
    fecha_envio TEXT,
    estado TEXT
);
CREATE INDEX notificacion_envio ON notificacion (fecha_envio);
CREATE INDEX notificacion_usuario ON notificacion (id_usuario);
CREATE INDEX notificacion_cita ON notificacion (id_cita);

CREATE TABLE acceso_codigo (
    id INTEGER PRIMARY KEY,
    id_usuario INTEGER REFERENCES usuario (id) ON DELETE CASCADE,
    codigo TEXT NOT NULL UNIQUE,
    expira_en TEXT,
    usado_en TEXT,
    id_estado_codigo INTEGER REFERENCES estado_codigo (id) ON DELETE SET NULL
);
CREATE INDEX acceso_usuario ON acceso_codigo (id_usuario);

CREATE TABLE auditoria (
    id INTEGER PRIMARY KEY,
    usuario_id INTEGER REFERENCES usuario (id) ON DELETE SET NULL,
    accion TEXT NOT NULL,
    entidad TEXT NOT NULL,
    entidad_id INTEGER,
    fecha_hora TEXT NOT NULL,
    detalle TEXT
);
CREATE INDEX auditoria_fecha ON auditoria (fecha_hora);
CREATE INDEX auditoria_usuario ON auditoria (usuario_id);
CREATE INDEX auditoria_entidad ON auditoria (entidad);
CREATE INDEX auditoria_accion ON auditoria (accion);

CREATE TABLE consulta (
    id INTEGER PRIMARY KEY,
    cita_id INTEGER NOT NULL REFERENCES cita (id) ON DELETE CASCADE,
    id_estado_consulta INTEGER REFERENCES estado_consulta (id) ON DELETE SET NULL,
    id_episodio INTEGER REFERENCES episodio (id) ON DELETE CASCADE,
    id_paciente INTEGER NOT NULL REFERENCES paciente (id) ON DELETE RESTRICT,
    id_medico INTEGER NOT NULL REFERENCES medico (id) ON DELETE RESTRICT,
    fecha_hora TEXT,
    narrativa TEXT,
    diagnostico_final TEXT,
    mongo_consulta_id TEXT
);
CREATE INDEX consulta_fecha ON consulta (fecha_hora);
CREATE INDEX consulta_cita ON consulta (cita_id);
CREATE INDEX consulta_episodio ON consulta (id_episodio);
CREATE INDEX consulta_paciente ON consulta (id_paciente, fecha_hora);
CREATE INDEX consulta_medico ON consulta (id_medico, fecha_hora);
CREATE INDEX consulta_estado ON consulta (id_estado_consulta, fecha_hora);
