import type { Locale } from "../i18n.ts";

/** The names and descriptions of the commands in Spanish. */
export const commands: Locale["commands"] = {
  draw: { name: "pintar", description: "Pinta una imagen a partir de palabras" },
  again: {
    name: "otravez",
    description: "Haz otra vez tu última imagen, o esta, con otra semilla",
  },
  show: { name: "mostrar", description: "Muestra una imagen y su receta por su código" },
  queue: { name: "cola", description: "Lo tuyo que está en espera, para cancelarlo" },
  history: { name: "historial", description: "Tus imágenes, la más reciente primero" },
  presets: {
    name: "plantilla",
    description: "Palabras y deseos con un nombre, para volver a usarlos",
  },
  usage: { name: "consumo", description: "Lo que has usado y lo que queda de tu cuota" },
  link: {
    name: "vincular",
    description: "Un solo historial, plantillas y cuota en varias plataformas",
  },
  settings: { name: "ajustes", description: "Cómo son tus imágenes por defecto" },
  help: { name: "ayuda", description: "Lo que sabe hacer este bot" },
  privacy: { name: "privacidad", description: "Lo que se conserva sobre ti" },
  forgetme: { name: "olvidame", description: "Borra tus encargos, imágenes, plantillas y ajustes" },
};

/** The names and descriptions of their options in Spanish. */
export const options: Locale["options"] = {
  prompt: { name: "texto", description: "Lo que debe mostrar la imagen, en cualquier idioma" },
  ratio: { name: "proporción", description: "Anchura y altura" },
  model: { name: "modelo", description: "Qué modelo pinta" },
  seed: { name: "semilla", description: "La misma semilla y el mismo texto dan la misma imagen" },
  negative: { name: "sin", description: "Lo que la imagen no debe mostrar" },
  steps: { name: "pasos", description: "Más pasos tardan más y dan más detalle" },
  guidance: { name: "guía", description: "Hasta qué punto el modelo sigue las palabras" },
  enhance: { name: "mejorar", description: "Un modelo de lenguaje enriquece las palabras" },
  count: { name: "cantidad", description: "Cuántas imágenes" },
  quality: { name: "calidad", description: "Más pequeño es más rápido" },
  preset: { name: "plantilla", description: "Las palabras y los deseos guardados con este nombre" },
  name: { name: "nombre", description: "El nombre de la plantilla" },
  words: {
    name: "palabras",
    description: "Van alrededor de {prompt}; los códigos de imágenes también cuentan",
  },
  share: { name: "compartido", description: "El código de una plantilla, como zp-7K3QF9X2WM" },
  linkCode: { name: "código-vínculo", description: "El código que /link te mostró en otro sitio" },
  private: { name: "privada", description: "Mostrarte la imagen solo a ti" },
  image: { name: "imagen", description: "Una imagen que se cambia como digan las palabras" },
  image2: { name: "imagen2", description: "Una imagen más" },
  image3: { name: "imagen3", description: "Una imagen más" },
  image4: { name: "imagen4", description: "Una imagen más" },
  code: { name: "código", description: "El código de una imagen, como zi-7K3QF9X2WM" },
  originals: { name: "originales", description: "Enviar también los archivos intactos" },
  language: { name: "idioma", description: "El idioma de este bot" },
  scope: { name: "para", description: "De quién son los ajustes: tuyos o de este lugar" },
};

/** What is said about settings in Spanish. */
export const settings: Locale["settings"] = {
  own: "Tus ajustes",
  place: "Los ajustes de este chat, para quien no tiene los suyos",
  choose: "{{setting}}: elige",
  unset: "lo habitual",
  saved: "Guardado.",
  row: "{{setting}}: {{value}}",
  names: {
    ratio: "Proporción",
    enhance: "Mejorar mis palabras",
    model: "Modelo",
    quality: "Calidad",
    originals: "Enviar también los archivos originales",
    language: "Idioma",
    private: "Mostrarme las imágenes solo a mí",
  },
};

/** What is said about linked accounts in Spanish. */
export const link: Locale["link"] = {
  this: "Eres {{name}}.",
  linked: "Vinculado contigo:",
  keyName: "Clave de API {{key}}",
  invitation:
    "Para vincular una cuenta tuya en otra plataforma, envíame allí /link {{code}} en menos de diez minutos. Desde entonces el historial, las plantillas y la cuota son uno solo.",
  joined: "Vinculado. El historial, las plantillas y la cuota son ya uno solo.",
  key: "Tu clave de API: {{key}}\nSolo se muestra esta vez. Envíala como Authorization: Bearer … a la dirección de este servidor; /link la retira.",
  unlinked: "{{name}} ya no está vinculado.",
};

/** What is said about presets in Spanish. */
export const presets: Locale["presets"] = {
  own: "Tus plantillas:",
  place: "Plantillas de este lugar:",
  builtIn: "Incluidas: {{names}}.",
  and: ", ",
  menu: "{{name}} con esto",
  use: "Añade --preset y un nombre a tus palabras.",
  saved: "Guardada como {{name}}. Añade --preset {{name}} a tus palabras.",
  deleted: "{{name}} se ha borrado.",
  shared: "El código de {{name}} es {{code}}. Con él otros guardan su propia copia.",
  builtInShared: "{{name}} viene incluida, así que la tiene todo el mundo.",
  pictures_one: "{{count}} imagen de referencia",
  pictures_other: "{{count}} imágenes de referencia",
  telegram:
    "/presets save nombre palabras – guarda las palabras alrededor de {prompt}; las indicaciones que contienen, los códigos de imágenes y las imágenes enviadas con ellas también cuentan\n/presets show nombre · delete nombre · share nombre\n/presets zp-… – guarda lo que comparte este código\nAdministradores: /presets save here nombre palabras, delete here nombre, para todo el grupo",
};

/** The names and descriptions of what people do with presets, in Spanish. */
export const presetVerbs: Locale["presetVerbs"] = {
  list: { name: "lista", description: "Las plantillas que puedes usar aquí" },
  save: { name: "guardar", description: "Guarda palabras y deseos con un nombre" },
  show: { name: "mostrar", description: "Lo que una plantilla añade a tus palabras" },
  delete: { name: "borrar", description: "Borra una plantilla" },
  share: { name: "compartir", description: "El código con el que otros obtienen una plantilla" },
  take: { name: "tomar", description: "Guarda lo que comparte un código" },
};
