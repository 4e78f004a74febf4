//! Exports of Dynamics 365.

use super::check;

#[test]
fn quirks_of_dynamics() {
    check(&[
        (
            "columns of a related table are not the row's own",
            "(Do Not Modify) Account,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Account Name,Email,Email (Primary Contact) (Contact),Website (Parent Account) (Account)\n{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},x=,2026-01-01,Quellbrink,,y@x.de,x.de\n",
            "accounts",
            &[
                ("(Do Not Modify) Account", "id"),
                ("Email", "email"),
                ("Email (Primary Contact) (Contact)", "-"),
                ("Website (Parent Account) (Account)", "-"),
            ],
        ),
        (
            "the typical contact export",
            "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Full Name,Company Name,Job Title,Email,Business Phone,Mobile Phone\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,x=,2026-01-01,\"Ahrens, Ann\",Quellbrink,CEO,a@x.de,,\n",
            "contacts",
            &[
                ("(Do Not Modify) Contact", "id"),
                ("Full Name", "full-name"),
                ("Company Name", "account-name"),
                ("(Do Not Modify) Row Checksum", "-"),
            ],
        ),
        (
            "makers rename labels",
            "Account Name,Street,ZIP/Postal Code,City,Country/Region,Main Phone,Website\nQuellbrink,S,1,Ulm,Spanien,,x.de\n",
            "accounts",
            &[("ZIP/Postal Code", "postal-code"), ("City", "city"), ("Country/Region", "country")],
        ),
        (
            "logical names of accounts",
            "accountid,name,websiteurl,emailaddress1,address1_city,address1_postalcode,statecode,masterid,merged,donotbulkemail\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,Quellbrink,x.de,,Ulm,1,0,,0,0\n",
            "accounts",
            &[
                ("accountid", "id"),
                ("websiteurl", "website"),
                ("statecode", "state-code"),
                ("masterid", "master-id"),
            ],
        ),
        (
            "the logical name company is a phone number",
            "contactid,fullname,parentcustomerid,emailaddress1,company,donotbulkemail,statecode,birthdate,governmentid\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,Ann Ahrens,{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},a@x.de,0731 12,0,0,1980-01-01,7\n",
            "contacts",
            &[
                ("company", "ignore"),
                ("parentcustomerid", "account-id"),
                ("birthdate", "ignore"),
                ("governmentid", "ignore"),
            ],
        ),
        (
            "a lookup may hold the name",
            "contactid,fullname,parentcustomerid,emailaddress1,statecode\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,Ann Ahrens,Quellbrink GmbH,a@x.de,0\n",
            "contacts",
            &[("parentcustomerid", "account-name")],
        ),
        (
            "lookups of the API",
            "contactid,fullname,_parentcustomerid_value,emailaddress1,_ownerid_value\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,Ann Ahrens,{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},a@x.de,5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD\n",
            "contacts",
            &[("_parentcustomerid_value", "account-id"), ("_ownerid_value", "owner")],
        ),
        (
            "accountid of a contact is its account",
            "contactid,fullname,accountid,emailaddress1\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,Ann Ahrens,{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},a@x.de\n",
            "contacts",
            &[("contactid", "id"), ("accountid", "account-id")],
        ),
        (
            "accountid of the API",
            "contactid,fullname,_accountid_value,emailaddress1\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,Ann Ahrens,{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},a@x.de\n",
            "contacts",
            &[("_accountid_value", "account-id")],
        ),
        (
            "German accounts",
            "(Nicht ändern) Firma,(Nicht ändern) Zeilenprüfsumme,(Nicht ändern) Geändert am,Firmenname,Website,E-Mail,Telefon 1,Straße,Adresse 1: Postleitzahl,Adresse 1: Ort,Land,E-Mail (Primärer Kontakt) (Kontakt)\n{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},x,,Quellbrink,,,,,,,,\n",
            "accounts",
            &[
                ("(Nicht ändern) Firma", "id"),
                ("Firmenname", "name"),
                ("Website", "website"),
                ("E-Mail", "email"),
                ("Telefon 1", "phone"),
                ("Adresse 1: Postleitzahl", "postal-code"),
                ("Adresse 1: Ort", "city"),
                ("Land", "country"),
                ("E-Mail (Primärer Kontakt) (Kontakt)", "-"),
            ],
        ),
        (
            "German contacts call the account Firmenname too",
            "(Nicht ändern) Kontakt,(Nicht ändern) Zeilenprüfsumme,(Nicht ändern) Geändert am,Vorname,Nachname,Firmenname,Position,E-Mail,Telefon (geschäftlich)\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,x,,Ann,Ahrens,Quellbrink,CEO,a@x.de,\n",
            "contacts",
            &[
                ("(Nicht ändern) Kontakt", "id"),
                ("Firmenname", "account-name"),
                ("Vorname", "first-name"),
                ("Nachname", "last-name"),
                ("Position", "job-title"),
                ("E-Mail", "email"),
                ("Telefon (geschäftlich)", "phone"),
            ],
        ),
        (
            "Spanish accounts",
            "(No modificar) Cuenta,(No modificar) Suma de comprobación de fila,(No modificar) Fecha de modificación,Nombre,Empresa padre,Sitio web,Código Postal,Ciudad,Provincia,País,Propietario,Estado,No permitir correo elec. en masa\n{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},x,,Quellbrink,,,,,,,,,Permitir\n",
            "accounts",
            &[
                ("(No modificar) Cuenta", "id"),
                ("Nombre", "name"),
                ("Sitio web", "website"),
                ("Código Postal", "postal-code"),
                ("Ciudad", "city"),
                ("Provincia", "state"),
                ("País", "country"),
                ("Propietario", "owner"),
                ("Estado", "status"),
                ("No permitir correo elec. en masa", "do-not-email"),
            ],
        ),
        (
            "Spanish contacts",
            "(No modificar) Contacto,(No modificar) Suma de comprobación de fila,(No modificar) Fecha de modificación,Nombre de pila,Apellidos,Nombre de la compañía,Puesto,Dirección de correo electrónico 2,Teléfono móvil,No permitir correo elec# en masa,Enviar materiales de marketing\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,x,,Ana,García,Quellbrink,,a@x.es,,Permitir,No enviar\n",
            "contacts",
            &[
                ("(No modificar) Contacto", "id"),
                ("Nombre de pila", "first-name"),
                ("Apellidos", "last-name"),
                ("Nombre de la compañía", "account-name"),
                ("Puesto", "job-title"),
                ("Teléfono móvil", "mobile"),
                ("Dirección de correo electrónico 2", "further-email"),
                ("No permitir correo elec# en masa", "do-not-email"),
                ("Enviar materiales de marketing", "send-marketing"),
            ],
        ),
        (
            "French accounts",
            "(Ne pas modifier) Compte,(Ne pas modifier) Somme de contrôle de la ligne,(Ne pas modifier) Modifié le,Nom du compte,Site web\n{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},x,,Quellbrink,\n",
            "accounts",
            &[
                ("(Ne pas modifier) Compte", "id"),
                ("Nom du compte", "name"),
                ("Site web", "website"),
            ],
        ),
        (
            "the key of a language that no table holds",
            "(Älä muokkaa) Tili,(Älä muokkaa) Summa,(Älä muokkaa) Muokattu,Account Name,Website\n{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},x,,Quellbrink,x.fi\n",
            "accounts",
            &[("(Älä muokkaa) Tili", "id"), ("Account Name", "name")],
        ),
        (
            "French leads are no accounts",
            "(Ne pas modifier) Prospect,(Ne pas modifier) Somme de contrôle de la ligne,(Ne pas modifier) Modifié le,Nom,Adresse e-mail\n5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCD,x,,Ahrens,a@x.de\n",
            "leads",
            &[("(Ne pas modifier) Prospect", "id")],
        ),
    ]);
}
