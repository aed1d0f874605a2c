import type { Locale } from "../i18n.ts";

/** What is said about linked accounts in Spanish. */
export const link: Locale["link"] = {
  this: "Eres {{name}}.",
  linked: "Vinculado contigo:",
  keyName: "Clave de API {{key}}…",
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
