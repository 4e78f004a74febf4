//! Exports of Pipedrive.

use super::check;

#[test]
fn quirks_of_pipedrive() {
    check(&[
        (
            "two columns differ by a blank at the end",
            "Organization - ID,Organization - Name,Organization - People,Organization - Website,Organization - Website \n1,Quellbrink,3,,x.de\n",
            "accounts",
            &[
                ("Organization - ID", "id"),
                ("Organization - Website", "website"),
                ("Organization - People", "-"),
            ],
        ),
        (
            "headers are starred and the website is a custom field",
            "Organization - Pipedrive System ID,Organization - Name*,Organization - Address - ZIP/Postal code of Address,Organization - City/town/village/locality of Address,Organization - Country of Address,Organization - Corporate URL\n1,Quellbrink,1,Ulm,Germany,x.de\n",
            "accounts",
            &[
                ("Organization - Name*", "name"),
                ("Organization - Address - ZIP/Postal code of Address", "postal-code"),
                ("Organization - City/town/village/locality of Address", "city"),
                ("Organization - Country of Address", "country"),
                ("Organization - Corporate URL", "website"),
            ],
        ),
        (
            "the people file carries no ids",
            "Person - Marketing status,Person - Double opt-in,Person - Organization,Person - Name,Person - Email - Work,Person - Email - Home,Person - Phone - Mobile,Person - Owner\nSubscribed,,Quellbrink,A B,a@x.de,,,Ann\n",
            "contacts",
            &[
                ("Person - Organization", "account-name"),
                ("Person - Email - Work", "email"),
                ("Person - Email - Home", "further-email"),
            ],
        ),
        (
            "ids that the user made visible",
            "Person - ID,Person - First name,Person - Last name,Organization - ID,Person - Email (Work)\n1,A,B,7,a@x.de\n",
            "contacts",
            &[
                ("Person - ID", "id"),
                ("Organization - ID", "account-id"),
                ("Person - Email (Work)", "email"),
            ],
        ),
        (
            "German organisations",
            "Organisation - ID,Organisation - Name,Organisation - Adresse,Organisation - Website\n1,Quellbrink,,x.de\n",
            "accounts",
            &[
                ("Organisation - ID", "id"),
                ("Organisation - Name", "name"),
                ("Organisation - Website", "website"),
            ],
        ),
        (
            "German people",
            "Person - ID,Person - Vorname,Person - Nachname,Person - Organisation,Person - E-Mail-Adresse - Büro,Person - E-Mail-Adresse - Privat,Person - E-Mail-Adresse - Sonstiger,Person - Telefon - Büro,Person - Telefon - Mobil\n1,A,B,Quellbrink,a@x.de,,,,\n",
            "contacts",
            &[
                ("Person - Organisation", "account-name"),
                ("Person - E-Mail-Adresse - Büro", "email"),
                ("Person - E-Mail-Adresse - Privat", "further-email"),
                ("Person - E-Mail-Adresse - Sonstiger", "further-email"),
                ("Person - Telefon - Büro", "phone"),
                ("Person - Telefon - Mobil", "mobile"),
            ],
        ),
        (
            "French people",
            "Personne - ID,Personne - Nom,Personne - Prénom,Personne - Nom de famille,Personne - Organisation,Organisation - ID,Personne - E-mail - Travail,Personne - E-mail - Domicile,Personne - E-mail - Autre,Personne - Téléphone - Travail,Personne - Téléphone - Mobile\n1,A B,A,B,Quellbrink,7,a@x.fr,,,,\n",
            "contacts",
            &[
                ("Personne - ID", "id"),
                ("Organisation - ID", "account-id"),
                ("Personne - Prénom", "first-name"),
                ("Personne - Nom de famille", "last-name"),
                ("Personne - E-mail - Travail", "email"),
                ("Personne - E-mail - Domicile", "further-email"),
                ("Personne - Téléphone - Mobile", "mobile"),
            ],
        ),
        (
            "Portuguese people",
            "Pessoa - ID,Pessoa - Nome,Pessoa - Organização,Pessoa - E-mail - Trabalho,Pessoa - E-mail - Residencial,Pessoa - E-mail - Outros,Pessoa - Telefone - Trabalho,Pessoa - Telefone - Celular,Pessoa - Proprietário\n1,A B,Quellbrink,a@x.pt,,,,,\n",
            "contacts",
            &[
                ("Pessoa - Nome", "full-name"),
                ("Pessoa - Organização", "account-name"),
                ("Pessoa - E-mail - Trabalho", "email"),
                ("Pessoa - E-mail - Outros", "further-email"),
                ("Pessoa - Telefone - Celular", "mobile"),
                ("Pessoa - Proprietário", "owner"),
            ],
        ),
        (
            "Spanish people have Nombre beside Apellidos",
            "Persona - Nombre,Persona - Apellidos,Persona - Correo electrónico - Trabajo,Persona - Teléfono - Otro\nAna,García,a@x.es,1\n",
            "contacts",
            &[
                ("Persona - Nombre", "first-name"),
                ("Persona - Apellidos", "last-name"),
                ("Persona - Correo electrónico - Trabajo", "email"),
            ],
        ),
        (
            "a Spanish import template",
            "Organización - Nombre *,Organización - Dirección (sugeridos)\nQuellbrink,Ulm\n",
            "accounts",
            &[("Organización - Nombre *", "name")],
        ),
        (
            "object words of a language that no table holds",
            "Maður - ID,Maður - Name,Maður - Netfang - Vinna,Fyrirtæki - ID\n1,A B,a@x.is,7\n",
            "contacts",
            &[
                ("Maður - ID", "id"),
                ("Maður - Netfang - Vinna", "email"),
                ("Fyrirtæki - ID", "account-id"),
            ],
        ),
        (
            "organisations of a language that no table holds",
            "Fyrirtæki - ID,Fyrirtæki - Name,Fyrirtæki - Website\n1,Quellbrink,x.is\n",
            "accounts",
            &[
                ("Fyrirtæki - ID", "id"),
                ("Fyrirtæki - Name", "name"),
                ("Fyrirtæki - Website", "website"),
            ],
        ),
    ]);
}
