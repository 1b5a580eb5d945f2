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

CREATE TABLE direccion_paciente (
    id INTEGER PRIMARY KEY,
    paciente_id INTEGER NOT NULL REFERENCES paciente (id) ON DELETE CASCADE,
    calle TEXT NOT NULL,
    numero_ext TEXT,
    numero_int TEXT,
    id_colonia INTEGER NOT NULL REFERENCES colonia (id)
);

CREATE TABLE cita (
    id INTEGER PRIMARY KEY,
    paciente_id INTEGER NOT NULL REFERENCES paciente (id) ON DELETE CASCADE,
    medico_id INTEGER NOT NULL REFERENCES medico (id) ON DELETE CASCADE,
    fecha_inicio TEXT NOT NULL,
    fecha_fin TEXT,
    id_estado_cita INTEGER REFERENCES estado_cita (id) ON DELETE SET NULL,
    id_tipo_cita INTEGER REFERENCES tipo_cita (id) ON DELETE SET NULL
);

CREATE TABLE episodio (
    id INTEGER PRIMARY KEY,
    id_paciente INTEGER NOT NULL REFERENCES paciente (id) ON DELETE CASCADE,
    fecha_inicio TEXT NOT NULL,
    fecha_fin TEXT,
    motivo TEXT
);

CREATE TABLE archivo (
    id INTEGER PRIMARY KEY,
    tipo TEXT NOT NULL,
    url TEXT NOT NULL,
    hash_integridad TEXT,
    creado_en TEXT NOT NULL
);

CREATE TABLE archivo_asociacion (
    id INTEGER PRIMARY KEY,
    archivo_id INTEGER NOT NULL REFERENCES archivo (id) ON DELETE CASCADE,
    entidad TEXT NOT NULL,
    entidad_id INTEGER,
    descripcion TEXT,
    autor_id INTEGER REFERENCES usuario (id) ON DELETE SET NULL,
    fecha_creacion TEXT NOT NULL
);

CREATE TABLE aseguradora (
    id INTEGER PRIMARY KEY,
    nombre TEXT NOT NULL,
    rfc TEXT,
    telefono TEXT,
    correo TEXT
);

CREATE TABLE poliza (
    id INTEGER PRIMARY KEY,
    id_paciente INTEGER REFERENCES paciente (id) ON DELETE CASCADE,
    id_aseguradora INTEGER REFERENCES aseguradora (id) ON DELETE SET NULL,
    numero_poliza TEXT,
    vigente_desde TEXT,
    vigente_hasta TEXT
);

CREATE TABLE notificacion (
    id INTEGER PRIMARY KEY,
    id_usuario INTEGER REFERENCES usuario (id) ON DELETE CASCADE,
    id_cita INTEGER REFERENCES cita (id) ON DELETE SET NULL,
    mensaje TEXT,
    canal TEXT,
    fecha_envio TEXT,
    estado TEXT
);

CREATE TABLE acceso_codigo (
    id INTEGER PRIMARY KEY,
    id_usuario INTEGER REFERENCES usuario (id) ON DELETE CASCADE,
    codigo TEXT NOT NULL UNIQUE,
    expira_en TEXT,
    usado_en TEXT,
    id_estado_codigo INTEGER REFERENCES estado_codigo (id) ON DELETE SET NULL
);

CREATE TABLE auditoria (
    id INTEGER PRIMARY KEY,
    usuario_id INTEGER REFERENCES usuario (id) ON DELETE SET NULL,
    accion TEXT NOT NULL,
    entidad TEXT NOT NULL,
    entidad_id INTEGER,
    fecha_hora TEXT NOT NULL,
    detalle TEXT
);

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
